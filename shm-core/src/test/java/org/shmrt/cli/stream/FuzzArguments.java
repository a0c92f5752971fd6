package org.shmrt.cli.stream;

import java.util.List;
import java.util.Optional;
import org.shmrt.cli.verb.Converters;
import org.shmrt.fuzz.Seeds;
import org.shmrt.fuzz.TextTarget;
import org.shmrt.stream.keyword.Keyword;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Arguments of the command. The first character selects the parser. */
final class FuzzArguments extends TextTarget {
    private static final List<ITypeConverter<?>> CONVERTERS = List.of(
            new Converters.ToShape(),
            new Converters.ToDataType(),
            new Converters.ToArrayType(),
            new Converters.ToArrayLayout(),
            new Converters.ToStreamPath(),
            new Converters.ToPermissions(),
            new Converters.ToByteCount(),
            new Converters.ToNanoseconds());

    FuzzArguments() {
        super(
                "0480x640",
                "1u16",
                "2U3",
                "3trailer-292",
                "4cam",
                "50660",
                "664kiB",
                "7500ms",
                "799999999h",
                "6999999999999999999G",
                "8exptime=0.02",
                "8name=text",
                "9n=12345678901234567890",
                "8x=1e999",
                "9y=");
    }

    @Override
    public void use(byte[] input) {
        String text = Seeds.text(input);
        int which = text.isEmpty() ? -1 : text.charAt(0) - '0';
        if (which < 0 || which > 9) {
            return;
        }
        String word = text.substring(1);
        if (which < CONVERTERS.size()) {
            convert(CONVERTERS.get(which), word);
            return;
        }
        KeywordArgument keyword = KeywordArgument.of(word);
        if (keyword.isAssignment()) {
            keyword.keyword(Optional.empty());
            keyword.keyword(which == 8 ? Keyword.Type.DOUBLE : Keyword.Type.LONG);
        }
    }

    private static void convert(ITypeConverter<?> converter, String word) {
        try {
            converter.convert(word);
        } catch (TypeConversionException e) {
            if (e.getMessage() == null || e.getMessage().isBlank()) {
                throw new AssertionError("rejected without a message", e);
            }
        } catch (Exception e) {
            throw new AssertionError("'" + word + "': " + e, e);
        }
    }
}
