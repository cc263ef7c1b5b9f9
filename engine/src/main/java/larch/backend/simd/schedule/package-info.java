/// How a recorded program is shared out among the cores of a CPU: calls are cut into parts by rows and gathered into
/// regions in which no thread waits for another. Read `Schedule` first.
package larch.backend.simd.schedule;
