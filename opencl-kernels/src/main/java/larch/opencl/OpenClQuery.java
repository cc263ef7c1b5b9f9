package larch.opencl;

import static org.jocl.CL.*;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.OptionalLong;
import org.jocl.CLException;
import org.jocl.Pointer;
import org.jocl.Sizeof;
import org.jocl.cl_device_id;
import org.jocl.cl_platform_id;
import org.jocl.cl_program;

/// Typed answers from the `clGet…Info` family, which all hand out bytes.
@FunctionalInterface
interface OpenClQuery {
    /// The shape that the functions of the family share once their object is bound.
    void ask(int parameter, long size, Pointer value, long[] sizeNeeded);

    static OpenClQuery ofPlatform(cl_platform_id id) {
        return (parameter, size, value, needed) -> clGetPlatformInfo(id, parameter, size, value, needed);
    }

    static OpenClQuery ofDevice(cl_device_id id) {
        return (parameter, size, value, needed) -> clGetDeviceInfo(id, parameter, size, value, needed);
    }

    static OpenClQuery ofBuild(cl_program program, cl_device_id device) {
        return (parameter, size, value, needed) ->
                clGetProgramBuildInfo(program, device, parameter, size, value, needed);
    }

    /// @return the answer as it is
    private ByteBuffer bytes(int parameter) {
        long[] size = new long[1];
        ask(parameter, 0, null, size);
        byte[] answer = new byte[Math.toIntExact(size[0])];
        if (answer.length > 0) {
            ask(parameter, answer.length, Pointer.to(answer), null);
        }
        return ByteBuffer.wrap(answer).order(ByteOrder.nativeOrder());
    }

    /// @return the answer as text, without the final zero and surrounding space
    default String text(int parameter) {
        String text = StandardCharsets.UTF_8.decode(bytes(parameter)).toString();
        int end = text.indexOf('\0');
        return (end < 0 ? text : text.substring(0, end)).strip();
    }

    /// @return the answer as an unsigned number; `cl_uint`, `cl_ulong`, `size_t` are told apart by their length
    default long number(int parameter) {
        ByteBuffer answer = bytes(parameter);
        return answer.remaining() == Sizeof.cl_uint ? Integer.toUnsignedLong(answer.getInt()) : answer.getLong();
    }

    /// @return the answer as a number; empty if the driver does not know the question
    default OptionalLong numberIfKnown(int parameter) {
        try {
            return OptionalLong.of(number(parameter));
        } catch (CLException e) {
            if (e.getStatus() == CL_INVALID_VALUE) {
                return OptionalLong.empty();
            }
            throw e;
        }
    }

    /// @return the answer as an array of `size_t`
    default long[] sizes(int parameter) {
        ByteBuffer answer = bytes(parameter);
        long[] sizes = new long[answer.remaining() / Sizeof.size_t];
        for (int i = 0; i < sizes.length; i++) {
            sizes[i] = Sizeof.size_t == Sizeof.cl_uint ? Integer.toUnsignedLong(answer.getInt()) : answer.getLong();
        }
        return sizes;
    }
}
