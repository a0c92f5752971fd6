package org.shmrt.bench.rig.process;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.shmrt.bench.rig.scenario.Transport;

/** The original libraries: of DAO and milk in the directories that the environment names, of iceoryx as installed. */
public final class RealLibraries {
    private static final String DAO_VARIABLE = "SHMRT_DAO_REAL";
    private static final String DAO_FILE = "libdao.so";
    private static final String MILK_VARIABLE = "SHMRT_MILK_REAL";
    private static final String MILK_FILE = "libImageStreamIO.so";

    private RealLibraries() {}

    /** The library that a transport requires, if it is there. */
    static Optional<Path> find(Transport transport) {
        boolean isDao = transport == Transport.C_DAO_REAL;
        return Optional.ofNullable(System.getenv(isDao ? DAO_VARIABLE : MILK_VARIABLE))
                .map(directory ->
                        Path.of(directory, isDao ? DAO_FILE : MILK_FILE).toAbsolutePath())
                .filter(Files::isReadable);
    }

    /** Why a transport cannot be measured: its library is missing. Empty if it can. */
    public static Optional<String> missing(Transport transport) {
        return switch (transport) {
            case C_DAO_REAL -> missing(transport, DAO_VARIABLE, DAO_FILE);
            case C_MILK_REAL -> missing(transport, MILK_VARIABLE, MILK_FILE);
            case C_ICEORYX ->
                Iceoryx.headers().isPresent()
                        ? Optional.empty()
                        : Optional.of("iceoryx 2 is not installed (Debian: iceoryx, libiceoryx-binding-c-dev)");
            default -> Optional.empty();
        };
    }

    private static Optional<String> missing(Transport transport, String variable, String file) {
        return find(transport).isPresent()
                ? Optional.empty()
                : Optional.of(variable + " names no directory with the original " + file);
    }
}
