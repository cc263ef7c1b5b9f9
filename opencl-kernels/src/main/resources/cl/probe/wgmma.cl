// c (64x8) = a (64x8, row by row) b (8x8, column by column) in TF32 by one warpgroup of 128 work-items, both operands
// in shared memory. Needs the target sm_90a.
//
// A matrix lies there as core matrices of 8 rows of 16 bytes, 128 contiguous bytes each: first the two along K, then
// those of the next eight rows. A descriptor holds, in units of 16 bytes, the address (bits 0-13), the distance along
// K (`leading`, bits 16-29) and that between groups of eight rows (`stride`, bits 32-45); no swizzle.
// PTX ISA, "Asynchronous warpgroup level matrix instructions".
ulong descriptor(__local const float *tile, uint leading, uint stride) {
  return (ulong)(((uint)(size_t)tile & 0x3ffff) >> 4) | (ulong)(leading >> 4) << 16 | (ulong)(stride >> 4) << 32;
}

__attribute__((reqd_work_group_size(128, 1, 1)))
__kernel void wgmma_tf32(__global const float *a, __global const float *b, __global float *c, const uint leading,
                         const uint stride) {
  __local float a_tile[512] __attribute__((aligned(128)));
  __local float b_tile[64] __attribute__((aligned(128)));
  const int item = get_local_id(0);
  for (int i = item; i < 512; i += 128) {
    const int row = i >> 3, k = i & 7;
    a_tile[((row >> 3) * 2 + (k >> 2)) * 32 + (row & 7) * 4 + (k & 3)] = a[i];
  }
  if (item < 64) {
    const int column = item >> 3, k = item & 7;
    b_tile[(k >> 2) * 32 + column * 4 + (k & 3)] = b[item];
  }
  // Ordinary stores become visible to the tensor cores by this fence, made by those who stored.
  __asm__ volatile("fence.proxy.async;" ::: "memory");
  barrier(CLK_LOCAL_MEM_FENCE);
  float c0 = 0, c1 = 0, c2 = 0, c3 = 0;
  __asm__ volatile("{\n\t"
                   ".reg .pred accumulate;\n\t"
                   "setp.ne.b32 accumulate, 0, 0;\n\t"
                   "wgmma.fence.sync.aligned;\n\t"
                   "wgmma.mma_async.sync.aligned.m64n8k8.f32.tf32.tf32 {%0, %1, %2, %3}, %4, %5, accumulate, 1, 1;\n\t"
                   "wgmma.commit_group.sync.aligned;\n\t"
                   "wgmma.wait_group.sync.aligned 0;\n\t"
                   "}"
                   : "+f"(c0), "+f"(c1), "+f"(c2), "+f"(c3)
                   : "l"(descriptor(a_tile, leading, stride)), "l"(descriptor(b_tile, leading, stride))
                   : "memory");
  __global float *upper = c + ((item >> 5) * 16 + ((item & 31) >> 2)) * 8 + 2 * (item & 3);
  upper[0] = c0;
  upper[1] = c1;
  upper[64] = c2;
  upper[65] = c3;
}
