package org.shmrt.bindings;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.GroupLayout;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SequenceLayout;
import java.lang.foreign.ValueLayout;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * One header, the list of its names for which Java is generated, and the facts in the generated Java.
 *
 * <p>The facts are a map: {@code struct NAME} to size and alignment, {@code field NAME.FIELD} to offset and size,
 * {@code constant NAME} to its value, with spaces between numbers. {@link CProbe} creates the same map with a compiler.
 */
enum Bindings {
    POSIX("posix", "posix", "Posix"),
    DAO("dao_image", "dao", "Dao"),
    MILK("milk_image", "milk", "Milk"),
    SHARED_ARRAY("shared_array", "sharedarray", "SharedArrays");

    private static final Path MAIN = Path.of(System.getProperty("basedir", ""), "src", "main");

    static final Path HEADERS = MAIN.resolve("c");

    private final String file;
    private final String packageName;
    private final String headerClass;

    Bindings(String file, String packageName, String headerClass) {
        this.file = file;
        this.packageName = "org.shmrt.bindings." + packageName;
        this.headerClass = headerClass;
    }

    String header() {
        return file + ".h";
    }

    List<String> functions() {
        return listed("function");
    }

    List<String> constants() {
        return listed("constant");
    }

    /** The C type for each name of a Java class: {@code timespec} is {@code struct timespec}. */
    Map<String, String> types() {
        Map<String, String> types = new TreeMap<>();
        listed("struct").forEach(name -> types.put(name, "struct " + name));
        listed("union").forEach(name -> types.put(name, "union " + name));
        listed("typedef").forEach(name -> types.put(name, name));
        return types;
    }

    List<String> fields(String type) {
        return layout(type).memberLayouts().stream()
                .flatMap(member -> member.name().stream())
                .toList();
    }

    Map<String, String> facts() {
        Map<String, String> facts = new TreeMap<>();
        for (String type : types().keySet()) {
            facts.put(
                    "struct " + type, call(type, "sizeof") + " " + layout(type).byteAlignment());
            for (String field : fields(type)) {
                MemoryLayout layout = (MemoryLayout) call(type, field + "$layout");
                facts.put("field " + type + "." + field, call(type, field + "$offset") + " " + layout.byteSize());
            }
        }
        for (String constant : constants()) {
            Object value = call(headerClass, constant);
            facts.put(
                    "constant " + constant,
                    String.valueOf(value instanceof MemorySegment pointer ? pointer.address() : value));
        }
        return facts;
    }

    /** One line for each fact that differs between two maps or is in only one of them. */
    static List<String> differences(Map<String, String> expected, Map<String, String> found) {
        Set<String> facts = new TreeSet<>(expected.keySet());
        facts.addAll(found.keySet());
        return facts.stream()
                .filter(fact -> !Objects.equals(expected.get(fact), found.get(fact)))
                .map(fact -> fact + ": expected " + expected.get(fact) + ", found " + found.get(fact))
                .toList();
    }

    /**
     * The accessors that do not access the bytes of their field. Each setter is called once, for an array with its last
     * index, on a structure of zero bytes: it must change only the first byte of the field, and the getter must return
     * that value.
     */
    List<String> misplacedAccessors() {
        List<String> misplaced = new ArrayList<>();
        for (String type : types().keySet()) {
            for (String field : fields(type)) {
                MemoryLayout layout = (MemoryLayout) call(type, field + "$layout");
                long offset = (long) call(type, field + "$offset");
                if (layout instanceof SequenceLayout array) {
                    long last = array.elementCount() - 1;
                    ValueLayout element = (ValueLayout) array.elementLayout();
                    check(misplaced, type, field, element, offset + last * element.byteSize(), last);
                } else if (layout instanceof ValueLayout value) {
                    check(misplaced, type, field, value, offset);
                } // a structure in a structure has no value of its own
            }
        }
        return misplaced;
    }

    private void check(
            List<String> misplaced, String type, String field, ValueLayout value, long offset, long... index) {
        byte[] expected = new byte[Math.toIntExact(layout(type).byteSize())];
        expected[Math.toIntExact(offset)] = 1;
        byte[] found = new byte[expected.length];
        // For any type of field: the value is read from the expected bytes, set, and read again.
        Object one = value.withByteAlignment(1).varHandle().get(MemorySegment.ofArray(expected), offset);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment struct = arena.allocate(layout(type));
            List<Class<?>> parameters = new ArrayList<>(List.of(MemorySegment.class));
            List<Object> arguments = new ArrayList<>(List.of(struct));
            for (long i : index) {
                parameters.add(long.class);
                arguments.add(i);
            }
            Class<?> owner = Class.forName(packageName + "." + type);
            Method getter = owner.getMethod(field, parameters.toArray(Class<?>[]::new));
            parameters.add(value.carrier());
            Method setter = owner.getMethod(field, parameters.toArray(Class<?>[]::new));

            List<Object> withValue = new ArrayList<>(arguments);
            withValue.add(one);
            setter.invoke(null, withValue.toArray());
            Object returned = getter.invoke(null, arguments.toArray());

            MemorySegment.copy(struct, ValueLayout.JAVA_BYTE, 0, found, 0, found.length);
            if (!Arrays.equals(expected, found) || !one.equals(returned)) {
                misplaced.add(type + "." + field);
            }
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(type + "." + field, e);
        }
    }

    private GroupLayout layout(String type) {
        return (GroupLayout) call(type, "layout");
    }

    private Object call(String className, String method) {
        try {
            return Class.forName(packageName + "." + className)
                    .getMethod(method)
                    .invoke(null);
        } catch (ClassNotFoundException
                | NoSuchMethodException
                | IllegalAccessException
                | InvocationTargetException e) {
            throw new AssertionError(
                    "listed in " + file + ".args, but not usable in the generated Java: " + packageName + "."
                            + className + "." + method,
                    e);
        }
    }

    private List<String> listed(String kind) {
        String option = "--include-" + kind + " ";
        try {
            return Files.readAllLines(MAIN.resolve("jextract").resolve(file + ".args")).stream()
                    .filter(line -> line.startsWith(option))
                    .map(line -> line.substring(option.length()).strip())
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
