// The two ceilings of a device: multiply-adds per second and bytes per second.
// WIDTH, the elements of a vector of the arithmetic kernel, is 1, 2, 4 or 8.
#define JOIN_(a, b) a##b
#define JOIN(a, b) JOIN_(a, b)
#if WIDTH == 1
typedef float vec;
#define STORE(v, i, p) ((p)[i] = (v))
#else
typedef JOIN(float, WIDTH) vec;
#define STORE(v, i, p) JOIN(vstore, WIDTH)(v, i, p)
#endif

// Eight chains hide the latency of four cycles that a multiply-add has on every device of interest.
__kernel void fma_chains(__global float *out, const float factor, const float addend, const int rounds) {
  const vec a = (vec)(factor);
  const vec b = (vec)(addend);
  vec x[8];
#pragma unroll
  for (int c = 0; c < 8; c++) {
    x[c] = (vec)((float)c + (float)(get_global_id(0) & 7));
  }
  for (int i = 0; i < rounds; i++) {
#pragma unroll
    for (int c = 0; c < 8; c++) {
      x[c] = fma(x[c], a, b);
    }
  }
  STORE(((x[0] + x[1]) + (x[2] + x[3])) + ((x[4] + x[5]) + (x[6] + x[7])), get_global_id(0), out);
}

__kernel void copy(__global const float4 *from, __global float4 *to) {
  to[get_global_id(0)] = from[get_global_id(0)];
}

// Instead of clEnqueueFillBuffer, which some drivers get wrong for large buffers.
__kernel void ramp(__global float4 *to) {
  const int i = get_global_id(0) & 0xfffff;
  to[get_global_id(0)] = (float4)(i, i + 0.25f, i + 0.5f, i + 0.75f);
}
