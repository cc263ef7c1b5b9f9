// What OpenCL C has built in and clang's front end for NVIDIA's OpenCL leaves to a library, in two dimensions.
#define get_local_id(d) ((size_t)((d) == 0 ? __nvvm_read_ptx_sreg_tid_x() : __nvvm_read_ptx_sreg_tid_y()))
#define get_group_id(d) ((size_t)((d) == 0 ? __nvvm_read_ptx_sreg_ctaid_x() : __nvvm_read_ptx_sreg_ctaid_y()))
#define get_local_size(d) ((size_t)((d) == 0 ? __nvvm_read_ptx_sreg_ntid_x() : __nvvm_read_ptx_sreg_ntid_y()))
#define get_global_id(d) (get_group_id(d) * get_local_size(d) + get_local_id(d))
#define barrier(flags) __syncthreads()
#define as_float(x) __builtin_astype((x), float)

#define OVERLOAD static inline __attribute__((overloadable, always_inline))
OVERLOAD float fma(float a, float b, float c) { return __builtin_fmaf(a, b, c); }
OVERLOAD float2 fma(float2 a, float2 b, float2 c) { return (float2)(fma(a.x, b.x, c.x), fma(a.y, b.y, c.y)); }
OVERLOAD float4 fma(float4 a, float4 b, float4 c) { return (float4)(fma(a.lo, b.lo, c.lo), fma(a.hi, b.hi, c.hi)); }
OVERLOAD float8 fma(float8 a, float8 b, float8 c) { return (float8)(fma(a.lo, b.lo, c.lo), fma(a.hi, b.hi, c.hi)); }
OVERLOAD int abs(int x) { return x < 0 ? -x : x; }
OVERLOAD int min(int x, int y) { return x < y ? x : y; }
#define vstore2(v, i, p) (((__global float2 *)(p))[i] = (v))
#define vstore4(v, i, p) (((__global float4 *)(p))[i] = (v))
#define vstore8(v, i, p) (((__global float8 *)(p))[i] = (v))
