/// Other libraries for Java with the work of our rows (`bench/README.md`): products.
///
/// Read `JavaPeers` first, the program, then `GemmPeer`, the list of libraries.
package larch.bench.peers;
