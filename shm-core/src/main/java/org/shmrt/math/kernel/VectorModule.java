package org.shmrt.math.kernel;

import java.lang.reflect.InvocationTargetException;
import java.util.Optional;

/**
 * Finds the kernels that use the Vector API. Its module {@code jdk.incubator.vector} is only there if the JVM was
 * started with {@code --add-modules jdk.incubator.vector}. Nothing else in ShmRT refers to these kernels, so a JVM
 * without the module never loads them.
 */
public final class VectorModule {
    private static final String MODULE = "jdk.incubator.vector";
    private static final String FACTORY = "org.shmrt.math.kernel.VectorKernels";

    private VectorModule() {}

    /**
     * The factory of the vector kernels, or why there is none.
     *
     * @param kernels the factory, if it can be used
     * @param missingReason why not, and what to do; empty if it can
     */
    public record Lookup(Optional<KernelFactory> kernels, String missingReason) {}

    private static final Lookup LOOKUP = find();

    /** The result of the only search in this JVM. */
    public static Lookup lookup() {
        return LOOKUP;
    }

    private static Lookup find() {
        Optional<Module> module = ModuleLayer.boot().findModule(MODULE);
        if (module.isEmpty()) {
            return missing("the JVM was started without the Vector API: add --add-modules " + MODULE);
        }
        try {
            // The descriptor of ShmRT does not require an incubator module, so the read edge is added here.
            VectorModule.class.getModule().addReads(module.get());
            Class<?> type = Class.forName(FACTORY);
            return new Lookup(
                    Optional.of((KernelFactory) type.getDeclaredConstructor().newInstance()), "");
        } catch (ClassNotFoundException e) {
            return missing("this build of ShmRT has no vector kernels (class " + FACTORY + ")");
        } catch (InvocationTargetException e) {
            return missing("the vector kernels cannot be started: " + e.getCause());
        } catch (ReflectiveOperationException | LinkageError e) {
            return missing("the vector kernels do not fit this JVM: " + e);
        }
    }

    private static Lookup missing(String reason) {
        return new Lookup(Optional.empty(), reason);
    }
}
