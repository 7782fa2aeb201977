SELECT immuta__userid, view_schema FROM {system}.applier;
