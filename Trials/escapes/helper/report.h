#pragma once

// Makes one attempt in a process of its own and prints what it came to as one line of JSON.
int report(const char *id, void (*attempt)(void));
