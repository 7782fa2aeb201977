SELECT source, shown, policy, kind, name, seconds FROM {system}.approver;
