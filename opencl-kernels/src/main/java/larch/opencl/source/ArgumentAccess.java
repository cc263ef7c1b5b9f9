package larch.opencl.source;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import larch.tensor.Broadcast;

/// How a kernel reads its arguments: `__global const float* argN, int offsetN` each, at the element, row or column that
/// the variables `i`, `row` and `column` hold.
///
/// @param access how each argument is read
public record ArgumentAccess(List<Broadcast> access) {
    /// @return a parameter list, with a comma behind each argument
    public String parameters() {
        return IntStream.range(0, access.size())
                .mapToObj(n -> "__global const float* arg" + n + ", int offset" + n + ",\n        ")
                .collect(Collectors.joining());
    }

    /// @param argument which one
    /// @return text that reads it
    public String load(int argument) {
        return "arg" + argument + "[offset" + argument + switch (access.get(argument)) {
            case FULL -> " + i]";
            case ROW -> " + column]";
            case COLUMN -> " + row]";
            case SCALAR -> "]";
        };
    }

    /// A work-item knows the element `i` of the matrix `[rows,cols]` alone; where an argument asks for more, it is split.
    /// In 32 bits, because devices divide those far faster, and a tensor has no more elements than that.
    /// @param indent what each line begins with
    /// @return statements that declare `row` and `column` as far as they are needed
    public String split(String indent) {
        boolean rows = access.contains(Broadcast.COLUMN);
        boolean columns = access.contains(Broadcast.ROW);
        return (rows ? indent + "uint row = (uint) i / (uint) cols;\n" : "")
                + (columns ? indent + "uint column = (uint) i % (uint) cols;\n" : "");
    }

    /// @param first number of the first argument
    /// @return such as `// x0 FULL, x1 ROW` and a line break; nothing for no arguments
    public String comment(int first) {
        return access.isEmpty() ? "" : IntStream.range(0, access.size())
                .mapToObj(n -> "x" + (first + n) + " " + access.get(n)).collect(Collectors.joining(", ", "// ", "\n"));
    }
}
