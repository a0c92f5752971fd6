package org.shmrt.cli.verb;

import java.nio.file.Path;
import java.util.Locale;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.shmrt.array.ArrayType;
import org.shmrt.array.HeaderVersion;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.stream.inspect.StreamDirectory;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** From words on the command line to values; what is wrong with a word becomes a wrong usage. */
public final class Converters {
    private Converters() {}

    private static <T> T convert(String text, Function<String, T> parser) {
        try {
            return parser.apply(text);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(e.getMessage());
        }
    }

    /** {@code 480x640}. */
    public static final class OfShape implements ITypeConverter<Shape> {
        @Override
        public Shape convert(String text) {
            return Converters.convert(text, Shape::parse);
        }
    }

    /** {@code u16}, {@code uint16}. */
    public static final class OfDataType implements ITypeConverter<DataType> {
        @Override
        public DataType convert(String text) {
            return Converters.convert(text, DataType::parse);
        }
    }

    /** {@code f64}, {@code float64}, {@code U12}. */
    public static final class OfArrayType implements ITypeConverter<ArrayType> {
        @Override
        public ArrayType convert(String text) {
            return Converters.convert(text, ArrayType::parse);
        }
    }

    /** {@code trailer-292}, {@code 548}. */
    public static final class OfArrayForm implements ITypeConverter<HeaderVersion> {
        @Override
        public HeaderVersion convert(String text) {
            return Converters.convert(text, HeaderVersion::parse);
        }
    }

    /** A path or a bare name. */
    public static final class OfStream implements ITypeConverter<Path> {
        @Override
        public Path convert(String text) {
            return Converters.convert(text, StreamDirectory::resolve);
        }
    }

    /** {@code 0660}, in octal. */
    public static final class OfPermissions implements ITypeConverter<Integer> {
        @Override
        public Integer convert(String text) {
            if (!text.matches("0?[0-7]{3}")) {
                throw new TypeConversionException(
                        "'" + text + "' are no permissions: write three octal digits, for example 0660");
            }
            return Integer.valueOf(text, 8);
        }
    }

    /** {@code 4096}, {@code 64k}, {@code 16M}, {@code 1G}: powers of 1024. */
    public static final class OfByteCount implements ITypeConverter<Long> {
        private static final Pattern FORM = Pattern.compile("([0-9]{1,18})([kKMG]?)(i?B)?");

        @Override
        public Long convert(String text) {
            Matcher matcher = FORM.matcher(text.strip());
            if (!matcher.matches()) {
                throw new TypeConversionException(
                        "'" + text + "' is no number of bytes: write for example 4096, 64k, 16M or 1G");
            }
            int shift = switch (matcher.group(2)) {
                case "k", "K" -> 10;
                case "M" -> 20;
                case "G" -> 30;
                default -> 0;
            };
            try {
                return Math.multiplyExact(Long.parseLong(matcher.group(1)), 1L << shift);
            } catch (ArithmeticException e) {
                throw new TypeConversionException("'" + text + "' is more bytes than 63 bits can count");
            }
        }
    }

    /** {@code 2s}, {@code 500ms}, {@code 100us}; a bare number is seconds. In nanoseconds. */
    public static final class OfDuration implements ITypeConverter<Long> {
        private static final Pattern FORM = Pattern.compile("([0-9]+(?:\\.[0-9]+)?)(ns|us|ms|s|min|m|h|)");

        @Override
        public Long convert(String text) {
            Matcher matcher = FORM.matcher(text.strip().toLowerCase(Locale.ROOT));
            if (!matcher.matches()) {
                throw new TypeConversionException(
                        "'" + text + "' is no time: write a number and ns, us, ms, s, min or h, for example 500ms");
            }
            double unitNs = switch (matcher.group(2)) {
                case "ns" -> 1;
                case "us" -> 1e3;
                case "ms" -> 1e6;
                case "min", "m" -> 60e9;
                case "h" -> 3600e9;
                default -> 1e9;
            };
            return (long) Math.min(Long.MAX_VALUE / 4.0, Double.parseDouble(matcher.group(1)) * unitNs);
        }
    }
}
