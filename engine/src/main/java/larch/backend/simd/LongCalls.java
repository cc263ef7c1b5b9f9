package larch.backend.simd;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.stream.Stream;
import larch.backend.KernelCall;
import larch.expr.Expr;
import larch.tensor.Shape;
import larch.tensor.Tensor;

/// Calls whose function is too long for one kernel become several, with memory of their own between them; see [Passes].
final class LongCalls {
    private record Key(List<Expr> fs, int args) {
    }

    private final ConcurrentMap<Key, List<Passes.Pass>> known = new ConcurrentHashMap<>();

    /// @param call any element-wise call
    /// @return calls that have the same results if they are run one after another
    List<KernelCall> of(KernelCall.Elementwise call) {
        List<Passes.Pass> passes = passes(call.fs(), call.args());
        return passes.size() == 1 ? List.of(call) : inPasses(passes, call.walked(), call.args(), (last, args) ->
                new KernelCall.Elementwise(last, call.outs(), args));
    }

    /// @param call any fold
    /// @return calls that have the same results if they are run one after another
    List<KernelCall> of(KernelCall.Reduce call) {
        List<Passes.Pass> passes = passes(List.of(call.f()), call.args());
        return passes.size() == 1 ? List.of(call) : inPasses(passes, call.walked(), call.args(), (last, args) ->
                new KernelCall.Reduce(call.reduction(), call.axis(), last.getFirst(), call.out(), args));
    }

    private List<Passes.Pass> passes(List<Expr> fs, List<Tensor> args) {
        Key key = new Key(fs, args.size());
        List<Passes.Pass> passes = known.get(key);
        return passes != null ? passes
                : known.computeIfAbsent(new Key(List.copyOf(fs), args.size()), k -> Passes.of(k.fs(), k.args()));
    }

    private interface LastCall {
        KernelCall of(List<Expr> fs, List<Tensor> args);
    }

    private static List<KernelCall> inPasses(List<Passes.Pass> passes, Shape walked, List<Tensor> args, LastCall lastCall) {
        int count = 1 + passes.stream().flatMap(pass -> pass.temporaries().stream()).mapToInt(i -> i).max().orElse(-1);
        List<Tensor> temporaries = Stream.generate(() -> Tensor.zeros(walked)).limit(count).toList();
        List<Tensor> all = Stream.concat(args.stream(), temporaries.stream()).toList();
        List<KernelCall> calls = new ArrayList<>();
        for (Passes.Pass pass : passes.subList(0, passes.size() - 1)) {
            calls.add(new KernelCall.Elementwise(pass.fs(), pass.temporaries().stream().map(temporaries::get).toList(), all));
        }
        calls.add(lastCall.of(passes.getLast().fs(), all));
        return calls;
    }
}
