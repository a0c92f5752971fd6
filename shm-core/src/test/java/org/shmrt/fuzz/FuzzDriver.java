package org.shmrt.fuzz;

/**
 * The entry point that Jazzer calls, in a separate JVM: {@code --target_class=org.shmrt.fuzz.FuzzDriver
 * --target_args=NAME}.
 */
public final class FuzzDriver {
    private static FuzzTarget target;

    private FuzzDriver() {}

    /** Called once, with the name of the target. */
    public static void fuzzerInitialize(String[] arguments) {
        target = FuzzTargets.named(arguments[0]);
    }

    /** Called for each input. */
    public static void fuzzerTestOneInput(byte[] input) {
        FuzzCheck.check(target, input);
    }
}
