"""`understudy demo`: the main job, shown: a real editor's conversation with the server, typed key by key."""
