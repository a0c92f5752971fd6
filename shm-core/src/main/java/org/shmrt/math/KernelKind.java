package org.shmrt.math;

import java.util.Optional;
import org.shmrt.math.kernel.KernelFactory;
import org.shmrt.math.kernel.OpenBlas;
import org.shmrt.math.kernel.ScalarKernels;
import org.shmrt.math.kernel.VectorModule;

/** The implementations of the arithmetic. */
public enum KernelKind {
    /** The Vector API. The JVM must be started with {@code --add-modules jdk.incubator.vector}. */
    VECTOR,
    /** Plain Java, always there. */
    SCALAR,
    /** The library OpenBLAS, used with one thread. Only for matrices; the library must be installed. */
    OPENBLAS;

    /**
     * Why this JVM cannot use the implementation, and what to do.
     *
     * @return one sentence, or empty if it can be used
     */
    public Optional<String> missingReason() {
        String reason = switch (this) {
            case SCALAR -> "";
            case VECTOR -> VectorModule.lookup().missingReason();
            case OPENBLAS -> OpenBlas.lookup().missingReason();
        };
        return reason.isEmpty() ? Optional.empty() : Optional.of(reason);
    }

    /** {@return what the implementation is, for reports: for example {@code Vector API, 512 bits}} */
    public String description() {
        return switch (this) {
            case SCALAR -> "plain Java";
            case VECTOR ->
                VectorModule.lookup().kernels().map(KernelFactory::description).orElse("Vector API");
            case OPENBLAS -> OpenBlas.lookup().isUsable() ? OpenBlas.lookup().version() : "OpenBLAS";
        };
    }

    /** Kernels in Java of this kind, which must be usable. */
    KernelFactory javaKernels() {
        return this == VECTOR ? VectorModule.lookup().kernels().orElseThrow() : new ScalarKernels();
    }

    /** @throws IllegalStateException if this JVM cannot use it */
    void requireUsable() {
        missingReason().ifPresent(reason -> {
            throw new IllegalStateException("kernel " + this + " cannot be used: " + reason);
        });
    }
}
