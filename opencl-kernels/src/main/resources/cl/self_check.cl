// c = a + b for n elements. The host launches more work-items than n, so the guard is part of the check.
__kernel void vector_add(__global const float *a, __global const float *b, __global float *c, const int n) {
  const int i = get_global_id(0);
  if (i < n) {
    c[i] = a[i] + b[i];
  }
}
