package org.shmrt.fuzz;

/** What Jazzer calls, in a JVM of its own: {@code --target_class=org.shmrt.fuzz.FuzzDriver --target_args=NAME}. */
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
