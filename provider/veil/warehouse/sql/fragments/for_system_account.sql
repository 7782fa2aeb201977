-- for_system_account(): in a procedure that only writers may call, one after the other.
{{for_appliers()}}
LOCK TABLE {system}.writer;
