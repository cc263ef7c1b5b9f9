// Instructions of NVIDIA's warps that OpenCL C has no words for, as inline PTX. One warp of 32 work-items each.
// What touches memory is volatile and clobbers it: otherwise the compiler drops stores that it believes unread.
// Shared memory is addressed by the 32-bit value of a __local pointer, as the `.shared` forms ask for.

// out[lane] = the sum over all lanes, by exchange with lanes at distance 16, 8, 4, 2, 1.
__attribute__((reqd_work_group_size(32, 1, 1)))
__kernel void shfl(__global const float *in, __global float *out) {
  float sum = in[get_local_id(0)];
#pragma unroll
  for (int distance = 16; distance > 0; distance >>= 1) {
    float other;
    __asm__ volatile("shfl.sync.bfly.b32 %0, %1, %2, 0x1f, 0xffffffff;" : "=f"(other) : "f"(sum), "r"(distance));
    sum += other;
  }
  out[get_local_id(0)] = sum;
}

// out[i] = in[127 - i] for 128 values, copied to shared memory without passing through registers.
__attribute__((reqd_work_group_size(32, 1, 1)))
__kernel void cp_async(__global const float *in, __global float *out) {
  __local float tile[128] __attribute__((aligned(128)));
  const int lane = get_local_id(0);
  __asm__ volatile("cp.async.cg.shared.global [%0], [%1], 16;\n\t"
                   "cp.async.commit_group;\n\t"
                   "cp.async.wait_group 0;"
                   :
                   : "r"((uint)(size_t)(tile + 4 * lane)), "l"((ulong)(size_t)(in + 4 * lane))
                   : "memory");
  barrier(CLK_LOCAL_MEM_FENCE);
  for (int i = lane; i < 128; i += 32) {
    out[i] = tile[127 - i];
  }
}

// Four 8x8 matrices of 16-bit values: lane l receives of matrix j the pair (l / 4, 2 (l % 4)), out[4 l + j].
__attribute__((reqd_work_group_size(32, 1, 1)))
__kernel void ldmatrix(__global const uint *in, __global uint *out) {
  __local uint tile[128] __attribute__((aligned(128)));
  const int lane = get_local_id(0);
  for (int i = lane; i < 128; i += 32) {
    tile[i] = in[i];
  }
  barrier(CLK_LOCAL_MEM_FENCE);
  uint r0, r1, r2, r3;
  __asm__ volatile("ldmatrix.sync.aligned.m8n8.x4.shared.b16 {%0, %1, %2, %3}, [%4];"
                   : "=r"(r0), "=r"(r1), "=r"(r2), "=r"(r3)
                   : "r"((uint)(size_t)(tile + 4 * lane))
                   : "memory");
  out[4 * lane] = r0;
  out[4 * lane + 1] = r1;
  out[4 * lane + 2] = r2;
  out[4 * lane + 3] = r3;
}

// c (16x8) += a (16x8, row by row) b (8x8, column by column), operands rounded to TF32.
__attribute__((reqd_work_group_size(32, 1, 1)))
__kernel void mma_tf32(__global const float *a, __global const float *b, __global float *c) {
  const int group = get_local_id(0) >> 2;
  const int item = get_local_id(0) & 3;
  uint a0, a1, a2, a3, b0, b1;
  __asm__("cvt.rna.tf32.f32 %0, %1;" : "=r"(a0) : "f"(a[group * 8 + item]));
  __asm__("cvt.rna.tf32.f32 %0, %1;" : "=r"(a1) : "f"(a[(group + 8) * 8 + item]));
  __asm__("cvt.rna.tf32.f32 %0, %1;" : "=r"(a2) : "f"(a[group * 8 + item + 4]));
  __asm__("cvt.rna.tf32.f32 %0, %1;" : "=r"(a3) : "f"(a[(group + 8) * 8 + item + 4]));
  __asm__("cvt.rna.tf32.f32 %0, %1;" : "=r"(b0) : "f"(b[group * 8 + item]));
  __asm__("cvt.rna.tf32.f32 %0, %1;" : "=r"(b1) : "f"(b[group * 8 + item + 4]));
  __global float *upper = c + group * 8 + 2 * item;
  __global float *lower = upper + 64;
  float c0 = upper[0], c1 = upper[1], c2 = lower[0], c3 = lower[1];
  __asm__ volatile("mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32 "
                   "{%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, {%0, %1, %2, %3};"
                   : "+f"(c0), "+f"(c1), "+f"(c2), "+f"(c3)
                   : "r"(a0), "r"(a1), "r"(a2), "r"(a3), "r"(b0), "r"(b1));
  upper[0] = c0;
  upper[1] = c1;
  lower[0] = c2;
  lower[1] = c3;
}

// c (16x8) += a (16x16, row by row) b (16x8, column by column); a and b are pairs of bfloat16, the even index low.
__attribute__((reqd_work_group_size(32, 1, 1)))
__kernel void mma_bf16(__global const uint *a, __global const uint *b, __global float *c) {
  const int group = get_local_id(0) >> 2;
  const int item = get_local_id(0) & 3;
  const uint a0 = a[group * 8 + item], a1 = a[(group + 8) * 8 + item];
  const uint a2 = a[group * 8 + item + 4], a3 = a[(group + 8) * 8 + item + 4];
  const uint b0 = b[group * 8 + item], b1 = b[group * 8 + item + 4];
  __global float *upper = c + group * 8 + 2 * item;
  __global float *lower = upper + 64;
  float c0 = upper[0], c1 = upper[1], c2 = lower[0], c3 = lower[1];
  __asm__ volatile("mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 "
                   "{%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, {%0, %1, %2, %3};"
                   : "+f"(c0), "+f"(c1), "+f"(c2), "+f"(c3)
                   : "r"(a0), "r"(a1), "r"(a2), "r"(a3), "r"(b0), "r"(b1));
  upper[0] = c0;
  upper[1] = c1;
  lower[0] = c2;
  lower[1] = c3;
}
