package org.shmrt.fuzz;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** All fuzz targets by name. */
public final class FuzzTargets {
    private static final Map<String, List<String>> ALL = new LinkedHashMap<>();

    static {
        put("dao", "stream.FuzzStream", "dao");
        put("milk", "stream.FuzzStream", "milk");
        put("dao-v2", "stream.FuzzStream", "dao-v2-synthetic");
        put("dao-write", "stream.FuzzWriter", "dao");
        put("dao-v2-write", "stream.FuzzWriter", "dao-v2-synthetic");
        put("milk-write", "stream.FuzzWriter", "milk");
        put("array", "array.FuzzArray");
        put("list", "block.FuzzList");
        put("python-stream", "block.FuzzPythonStream");
        put("npy", "image.FuzzNpy");
        put("fits", "fits.FuzzFits", "");
        put("fits-tiles", "fits.FuzzFits", "tile_");
        put("fits-address", "fits.FuzzAddress");
        put("stream-names", "stream.FuzzStreamNames");
        put("array-names", "array.FuzzArrayNames");
        put("block-names", "block.FuzzBlockNames");
        put("standard-input", "cli.stream.FuzzStandardInput");
        put("arguments", "cli.stream.FuzzArguments");
        put("load-state", "cacao.FuzzLoadState");
        put("relay-shm", "relay.wire.FuzzMessages", "shm");
        put("relay-dao", "relay.wire.FuzzMessages", "dao");
        put("relay-list", "relay.wire.FuzzMessages", "list");
        put("relay-connection", "relay.wire.FuzzMessages", "connection");
        put("relay-answers", "relay.wire.FuzzMessages", "answers");
        put("relay-lines", "relay.wire.FuzzMessages", "lines");
    }

    private FuzzTargets() {}

    private static void put(String name, String... words) {
        ALL.put(name, List.of(words));
    }

    /** The names of the targets. */
    public static List<String> names() {
        return List.copyOf(ALL.keySet());
    }

    /**
     * Creates a target, or all in one. The targets are in the packages of the code that they drive, which is
     * package-private.
     */
    public static FuzzTarget named(String name) {
        if (name.equals("all")) {
            return new FuzzAll();
        }
        List<String> words = ALL.get(name);
        try {
            Class<?> type = Class.forName("org.shmrt." + words.getFirst());
            return words.size() == 1
                    ? FuzzMemory.call(FuzzMemory.constructor(type))
                    : FuzzMemory.call(FuzzMemory.constructor(type, String.class), words.get(1));
        } catch (ClassNotFoundException e) {
            throw new AssertionError(e);
        }
    }
}
