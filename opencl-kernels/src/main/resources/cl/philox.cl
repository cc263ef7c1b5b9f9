// Random numbers by index: element j of `out` depends on the stream's key and on first + j alone (Rng.java), so no
// work-item waits for another and the bits are the CPU's.
//
// One work-item computes one Philox block, four numbers, and stores those of them that lie in [first, first + count):
// launch at least (first mod 4 + count + 3) / 4 work-items. The four stores of neighbours fill whole lines together.
#pragma OPENCL FP_CONTRACT OFF

// Philox4x32-10 of Salmon, Moraes, Dror and Shaw (2011), as in Philox4x32.java: the block's number is the counter.
uint4 philox_block(ulong key, ulong block) {
    uint4 x = (uint4) ((uint) block, (uint) (block >> 32), 0, 0);
    uint k0 = (uint) key, k1 = (uint) (key >> 32);
    for (int round = 0; round < 10; round++) {
        x = (uint4) (mul_hi(0xCD9E8D57u, x.z) ^ x.y ^ k0, 0xCD9E8D57u * x.z,
                     mul_hi(0xD2511F53u, x.x) ^ x.w ^ k1, 0xD2511F53u * x.x);
        k0 += 0x9E3779B9u;
        k1 += 0xBB67AE85u;
    }
    return x;
}

// The four numbers of the `item`-th block, as far as they were asked for.
void deal(float4 numbers, __global float* out, int outOffset, int count, ulong first, ulong item) {
    long j = 4 * (long) item - (long) (first & 3);
    if (j >= 0 && j < count) out[outOffset + j] = numbers.x;
    if (j + 1 >= 0 && j + 1 < count) out[outOffset + j + 1] = numbers.y;
    if (j + 2 >= 0 && j + 2 < count) out[outOffset + j + 2] = numbers.z;
    if (j + 3 >= 0 && j + 3 < count) out[outOffset + j + 3] = numbers.w;
}

// The words of the `item`-th block that has some of the numbers asked for.
uint4 words(ulong key, ulong first, ulong item) {
    return philox_block(key, first / 4 + item);
}

// The words themselves, as the bits of floats.
__kernel void philox_words(__global float* out, int outOffset, int count, ulong key, ulong first) {
    deal(as_float4(words(key, first, get_global_id(0))), out, outOffset, count, first, get_global_id(0));
}

// In [0, 1): the upper 24 bits of a word over 2^24.
float4 uniforms(uint4 w) {
    return convert_float4_rte(w >> 8) * 0x1p-24f;
}

__kernel void philox_uniforms(__global float* out, int outOffset, int count, ulong key, ulong first) {
    deal(uniforms(words(key, first, get_global_id(0))), out, outOffset, count, first, get_global_id(0));
}

// ---- Box and Muller (1958), step by step as in BoxMuller.java, which says where the numbers come from. Every step is an
// integer operation or rounded exactly; sqrt is, with -cl-fp32-correctly-rounded-divide-sqrt. Without it the radius errs by
// up to 3 ulp more, and so do the numbers.

// sqrt(-2 ln u) for u = (word | 1) / 2^32 = (1 + f) * 2^e with 1 + f in [sqrt(1/2), sqrt(2)).
float radius(uint word) {
    uint k = word | 1u;
    int zeros = (int) clz(k);
    uint m = k << zeros;
    int below = as_int(m - 3037000499u) >> 31;               // -1 where m < sqrt(2) * 2^31
    int shifted = as_int(m ^ ((uint) below << 31));
    float f = convert_float_rte(shifted + (shifted & below)) * 0x1p-32f;
    float e = convert_float_rte(below - zeros);
    float p = -0.0762178302f;
    p = fma(p, f, 0.129044369f);
    p = fma(p, f, -0.132429868f);
    p = fma(p, f, 0.141818240f);
    p = fma(p, f, -0.166090831f);
    p = fma(p, f, 0.200019747f);
    p = fma(p, f, -0.250015825f);
    p = fma(p, f, 0.333333254f);
    p = fma(p, f, -0.499999881f);
    float ln = fma(e, 0.693145752f, fma(e, 1.42860682e-6f, fma(f * f, p, f)));
    return sqrt(-2.0f * ln);
}

// sin(pi/2 * x) for x in [-1, 1].
float sin_quarter(float x) {
    float z = x * x;
    float p = 1.51485132e-4f;
    p = fma(p, z, -4.67376656e-3f);
    p = fma(p, z, 7.96896815e-2f);
    p = fma(p, z, -6.45963728e-1f);
    p = fma(p, z, -5.20585570e-8f);
    return fma(1.57079637f, x, p * x);
}

// Radius times cosine and sine of word/2^32 of a turn: the angle is +-pi/2 * x, or half a turn more.
float2 box_muller(uint word1, uint word2) {
    float r = radius(word1);
    int x = as_int(word2 << 1) >> 1;                         // x * 2^30
    float sign = convert_float_rte((as_int(word2 ^ (word2 << 1)) >> 31) | 1);
    float cosine = sign * sin_quarter(convert_float_rte((1 << 30) - (int) abs(x)) * 0x1p-30f);
    float sine = sign * sin_quarter(convert_float_rte(x) * 0x1p-30f);
    return (float2) (r * cosine, r * sine);
}

// Standard normal numbers: words 2p and 2p+1 make numbers 2p and 2p+1.
float4 normals(uint4 w) {
    return (float4) (box_muller(w.x, w.y), box_muller(w.z, w.w));
}

__kernel void philox_normals(__global float* out, int outOffset, int count, ulong key, ulong first) {
    deal(normals(words(key, first, get_global_id(0))), out, outOffset, count, first, get_global_id(0));
}
