package larch.expr;

import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/// One object for equal expressions ("hash consing", A. P. Ershov 1958).
///
/// The parts of an expression are such objects already, so a new one is compared with those known by its own prim and
/// the identity of its parts, never by walking down. References are weak: what nobody uses any more is forgotten. Any
/// number of threads may build expressions at once.
final class Interned {
    private static final ConcurrentMap<Known, Known> ALL = new ConcurrentHashMap<>();
    private static final ReferenceQueue<Expr> UNUSED = new ReferenceQueue<>();

    private Interned() {
    }

    /// @param fresh a new expression of parts that went through here
    /// @return the object that stands for all equal to it
    static Expr of(Expr fresh) {
        for (Reference<?> unused = UNUSED.poll(); unused != null; unused = UNUSED.poll()) {
            ALL.remove(unused);
        }
        Known entry = new Known(fresh);
        while (true) {
            Known known = ALL.putIfAbsent(entry, entry);
            Expr expr = known == null ? fresh : known.get();
            if (expr != null) {
                return expr;
            }
            ALL.remove(known);
        }
    }

    /// @return how many expressions are known, for tests
    static int size() {
        return ALL.size();
    }

    private static final class Known extends WeakReference<Expr> {
        private final int hash;

        Known(Expr expr) {
            super(expr, UNUSED);
            hash = expr.hashCode();
        }

        @Override
        public int hashCode() {
            return hash;
        }

        @Override
        public boolean equals(Object other) {
            return this == other || other instanceof Known known && hash == known.hash && areSame(get(), known.get());
        }

        private static boolean areSame(Expr one, Expr other) {
            return one instanceof Expr.Apply f && other instanceof Expr.Apply g
                    ? f.prim() == g.prim() && f.args().equals(g.args())
                    : one instanceof Expr.Select s && other instanceof Expr.Select t && s.comparison() == t.comparison()
                    && s.left().equals(t.left()) && s.right().equals(t.right())
                    && s.ifTrue().equals(t.ifTrue()) && s.ifFalse().equals(t.ifFalse());
        }
    }
}
