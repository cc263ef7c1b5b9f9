// What gemm_direct.cl, add_chunks.cl and unpad_finish of pad_transpose.cl share, put before their text by the host: how
// a finished sum becomes an element of C.
//
// The host may put a text of its own before this one that defines
//
//   EPILOGUE(acc, row, col)  an expression of type float: what is stored instead of acc, the element (row, col) of
//                            alpha * A * B + beta * C. It is evaluated once per element, while that is in a register.
//                            It may use m and n, the extents of C, and the parameters below, and may call functions of
//                            the text, which may store what they like elsewhere (a mask, say).
//   EPILOGUE_PARAMS          more parameters of the kernel, with a leading comma: `, __global const float *bias`.
//
// For example bias and ReLU:
//
//   #define EPILOGUE_PARAMS , __global const float *bias
//   #define EPILOGUE(acc, row, col) fmax((acc) + bias[col], 0.0f)

// No multiplication and addition is joined unless the text says fma: the same bits on every device.
#pragma OPENCL FP_CONTRACT OFF

#ifndef EPILOGUE
#define EPILOGUE(acc, row, col) (acc)
#endif
#ifndef EPILOGUE_PARAMS
#define EPILOGUE_PARAMS
#endif

// alpha * acc + beta * C; C is not read if beta = 0, so it may hold NaN or nothing yet.
static inline float finish(const float acc, const float alpha, const float beta, __global const float *c) {
  return beta == 0.0f ? alpha * acc : fma(alpha, acc, beta * *c);
}
