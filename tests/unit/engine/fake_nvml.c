/* A stand-in for the NVIDIA driver's management library, for tests of what is asked of it: board 0 draws 100 W, on board 1
   the process FAKE_NVML_PID computes, and board 2 is too old to count. FAKE_NVML_FAULT: `init` (no driver), `crash`. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { SUCCESS = 0, NOT_SUPPORTED = 3, INSUFFICIENT_SIZE = 7, DRIVER_NOT_LOADED = 9 };
typedef struct { unsigned pid; unsigned long long memory; unsigned gpu, compute; } Process;
static int boards[3] = {0, 1, 2};

static int fault(const char *name) {
    const char *set = getenv("FAKE_NVML_FAULT");
    return set && !strcmp(set, name);
}
int nvmlInitWithFlags(unsigned flags) { return fault("init") ? DRIVER_NOT_LOADED : SUCCESS; }
int nvmlInit_v2(void) { return nvmlInitWithFlags(0); }
int nvmlShutdown(void) { return SUCCESS; }
int nvmlDeviceGetCount_v2(unsigned *count) { *count = 3; return SUCCESS; }
int nvmlDeviceGetHandleByIndex_v2(unsigned index, void **device) { *device = &boards[index]; return SUCCESS; }
int nvmlDeviceGetUUID(void *device, char *uuid, unsigned size) {
    snprintf(uuid, size, "GPU-%d", *(int *)device);
    return SUCCESS;
}
int nvmlDeviceGetTotalEnergyConsumption(void *device, unsigned long long *millijoules) {
    struct timespec now;
    if (fault("crash")) abort();
    clock_gettime(CLOCK_MONOTONIC, &now);
    *millijoules = 100ull * (now.tv_sec * 1000ull + now.tv_nsec / 1000000);
    return *(int *)device == 2 ? NOT_SUPPORTED : SUCCESS;
}
int nvmlDeviceGetComputeRunningProcesses_v3(void *device, unsigned *count, Process *found) {
    const char *pid = getenv("FAKE_NVML_PID");
    unsigned room = *count;
    *count = *(int *)device == 1 && pid;
    if (!*count) return SUCCESS;
    if (!room) return INSUFFICIENT_SIZE;
    memset(found, 0, sizeof *found);
    found[0].pid = (unsigned)atoi(pid);
    return SUCCESS;
}
