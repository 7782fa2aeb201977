CREATE GROUP {impersonation_group_name};
