// Copies from global to local memory that pass by no register and that nobody waits for until they are needed, put before the
// text of gemm_warp_async.cl and gemm_tensor_async.cl by the host: cp.async of NVIDIA (sm_80 and later).
//
// A work-item begins copies, ends a group of them, and later waits until all of its groups but the STAGES - 2 latest have
// arrived: with one group for each tile and STAGES - 1 of them ahead, until the next tile has. That its neighbours' copies have
// arrived, too, takes a barrier after the wait.
//
// PLAIN stands for a device without such copies. There they are kept in a list and happen when they are waited for, no sooner:
// as late as the instructions may be. So a wait that is missing shows on any device.
//
// STAGES, given by the host, is the number of tiles in local memory.

#ifdef PLAIN

// A work-item copies in a group the elements that it moves of a tile, those of A one by one at worst.
#define LISTED (STAGES * (A_LOADS * VWM + B_LOADS))

typedef struct {
  __local float *to[LISTED];
  __global const float *from[LISTED];
  int floats[LISTED];
  // The copies before the end of each of the last STAGES groups.
  int before[STAGES];
  int begun, happened, groups;
} copies;

static inline void no_copies(copies *all) {
  all->begun = 0;
  all->happened = 0;
  all->groups = 0;
}

// Begins to copy 1, 2 or 4 floats, which lie at multiples of their size.
static inline void copy(copies *all, __local float *to, __global const float *from, const int floats) {
  const int at = all->begun++ % LISTED;
  all->to[at] = to;
  all->from[at] = from;
  all->floats[at] = floats;
}

// Ends a group; it may be empty.
static inline void end_group(copies *all) {
  all->before[all->groups++ % STAGES] = all->begun;
}

// Waits for all groups but the STAGES - 2 latest.
static inline void await_groups(copies *all) {
  const int arrived = all->groups - (STAGES - 2);
  const int until = arrived > 0 ? all->before[(arrived - 1) % STAGES] : 0;
  for (; all->happened < until; ++all->happened) {
    const int at = all->happened % LISTED;
    for (int i = 0; i < all->floats[at]; ++i) {
      all->to[at][i] = all->from[at][i];
    }
  }
}

#else

// The device keeps the list.
typedef int copies;

static inline void no_copies(copies *all) {
  *all = 0;
}

// The instructions take the 32 bits of a local address. A copy of 16 bytes may pass by the first-level cache.
static inline void copy(copies *all, __local float *to, __global const float *from, const int floats) {
  const uint local_address = (uint)(size_t)to;
  const ulong global_address = (ulong)(size_t)from;
  if (floats == 4) {
    __asm__ volatile("cp.async.cg.shared.global [%0], [%1], 16;" : : "r"(local_address), "l"(global_address) : "memory");
  } else if (floats == 2) {
    __asm__ volatile("cp.async.ca.shared.global [%0], [%1], 8;" : : "r"(local_address), "l"(global_address) : "memory");
  } else {
    __asm__ volatile("cp.async.ca.shared.global [%0], [%1], 4;" : : "r"(local_address), "l"(global_address) : "memory");
  }
}

static inline void end_group(copies *all) {
  __asm__ volatile("cp.async.commit_group;" : : : "memory");
}

static inline void await_groups(copies *all) {
  __asm__ volatile("cp.async.wait_group %0;" : : "n"(STAGES - 2) : "memory");
}

#endif
