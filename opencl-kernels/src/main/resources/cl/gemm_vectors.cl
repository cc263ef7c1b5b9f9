// What rungs 5 to 7 share, put before their text by the host: vectors of VWM and VWN floats, and the geometry.
//
// `realM` is what one load of A moves, `realN` one load of B and one store of C: float, float2 or float4. A load of 16
// bytes is one instruction where four loads of 4 bytes are four; it needs an address that is a multiple of 16 bytes.

#if VWM == 1
typedef float realM;
#elif VWM == 2
typedef float2 realM;
#elif VWM == 4
typedef float4 realM;
#endif

#if VWN == 1
typedef float realN;
#elif VWN == 2
typedef float2 realN;
#elif VWN == 4
typedef float4 realN;
#endif

// The elements of a realM into x[at], x[at + 1], ... with constant indexes only, so that x stays in registers.
#if VWM == 1
#define SPREAD(v, x, at) { (x)[at] = (v); }
#elif VWM == 2
#define SPREAD(v, x, at) { (x)[at] = (v).s0; (x)[(at) + 1] = (v).s1; }
#elif VWM == 4
#define SPREAD(v, x, at) { (x)[at] = (v).s0; (x)[(at) + 1] = (v).s1; (x)[(at) + 2] = (v).s2; (x)[(at) + 3] = (v).s3; }
#endif

// Elements per work-item, and how many vectors they are.
#define MWI (MWG / MDIMC)
#define NWI (NWG / NDIMC)
#define M_VECTORS (MWI / VWM)
#define N_VECTORS (NWI / VWN)
#define ITEMS (MDIMC * NDIMC)

// Vectors of a tile that each work-item loads.
#define A_LOADS (MWG * KWG / VWM / ITEMS)
#define B_LOADS (KWG * NWG / VWN / ITEMS)

// Distance of two rows of the transposed tile of A. The 4 surplus floats put the columns that one warp stores at the
// same time into different banks, and keep every row at a multiple of 16 bytes.
#define A_PITCH (MWG + 4)

// alpha * acc + beta * C for one vector of C; C is not read if beta = 0.
static inline void store(__global realN *c, const realN acc, const float alpha, const float beta) {
  *c = beta == 0.0f ? alpha * acc : fma((realN)(alpha), acc, beta * *c);
}
