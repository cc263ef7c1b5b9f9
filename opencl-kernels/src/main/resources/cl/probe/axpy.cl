// y = a x + y, rounded once: a kernel that is small and has every sort of argument.
__kernel void axpy(const float a, __global const float *x, __global float *y, const int n) {
  const int i = get_global_id(0);
  if (i < n) {
    y[i] = fma(a, x[i], y[i]);
  }
}

__kernel void empty(void) {
}
