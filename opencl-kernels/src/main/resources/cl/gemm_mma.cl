// What the instructions of tensor cores have in common (NVIDIA, sm_80 and later), put before the text of gemm_tf32.cl and
// gemm_bf16.cl by the host: one product of fragments by the 32 lanes of a warp.
//
// Lane (u, v) = (lane / 4, lane % 4) holds of C (16 x 8), by the number of its register, element
//   0: (u, 2v)   1: (u, 2v + 1)   2: (u + 8, 2v)   3: (u + 8, 2v + 1)
// as mma.m16n8k* of the PTX ISA defines. What it holds of A and B hangs on the format of their numbers.
//
// PLAIN stands for a device without such tensor cores: the lanes exchange their fragments through local memory, EXCHANGE
// words, and add with fma for ascending k. It shows that every element is where it belongs; it is slow.

#define LANES 32
#define MMA_M 16
#define MMA_N 8

#ifdef PLAIN

// Barriers in unrolled loops only make the program long.
#define UNROLL
#define EXCHANGE_ARG , exchange
#define EXCHANGE_PARAM , __local uint *exchange
#define EXCHANGE (ITEMS * 6)
// What lane (u, v) of an item's warp has in a register of A and of B.
#define SHOWN_A(item, u, v, r) exchange[((item) / LANES * LANES + (u) * 4 + (v)) * 4 + (r)]
#define SHOWN_B(item, u, v, r) exchange[ITEMS * 4 + ((item) / LANES * LANES + (u) * 4 + (v)) * 2 + (r)]

// Shows the others what this lane holds. All work-items of the work-group must come here.
static inline void show(const uint *a, const uint *b, const int item EXCHANGE_PARAM) {
  for (int r = 0; r < 4; ++r) {
    exchange[item * 4 + r] = a[r];
  }
  for (int r = 0; r < 2; ++r) {
    exchange[ITEMS * 4 + item * 2 + r] = b[r];
  }
  barrier(CLK_LOCAL_MEM_FENCE);
}

#else

#define UNROLL _Pragma("unroll")
#define EXCHANGE_ARG
#define EXCHANGE_PARAM

#endif
