/// Kernels compiled at run time for one vector width. The only place that imports `jdk.incubator.vector` and
/// `java.lang.classfile`.
///
/// Read `ElementwiseCompiler` first, then `LoopEmitter` and the two kinds of `Lanes`; `Passes` cuts functions that are too long
/// for the JVM's compilers; `schedule` shares out whole programs.
package larch.backend.simd;
