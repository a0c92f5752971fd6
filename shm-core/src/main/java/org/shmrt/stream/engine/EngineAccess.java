package org.shmrt.stream.engine;

import java.util.function.Function;

/**
 * Gives other packages of this module the mapped stream behind a public stream object. The public class registers the
 * accessor when it is initialised, so that no type of the engine appears in the public API.
 */
public final class EngineAccess {
    private static volatile Function<Object, MappedStream> access;

    private EngineAccess() {}

    /** Called once, by the initialiser of the public class. */
    public static void register(Function<Object, MappedStream> newAccess) {
        access = newAccess;
    }

    /** The mapped stream behind an {@code ImageStream}. */
    public static MappedStream mapped(Object imageStream) {
        return access.apply(imageStream);
    }
}
