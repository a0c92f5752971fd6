package org.shmrt.image.colour;

import java.util.Base64;

/**
 * The tables of perceptually uniform maps, as base64 of red, green and blue. {@code viridis} and {@code inferno} are by
 * Stefan van der Walt and Nathaniel Smith, {@code twilight} is by Bastian Bechtold (interpolated from 510 to 256 colours);
 * all three are in the public domain (CC0 1.0). The values are those of matplotlib, rounded to 8 bits.
 *
 * @see <a href="https://bids.github.io/colormap/">viridis and inferno</a>
 * @see <a href="https://github.com/bastibe/twilight">twilight</a>
 */
final class ColourTables {
    private static final String VIRIDIS = """
        RAFURAJWRQRXRQVZRgdaRghcRgpdRgteRw1gRw5hRxBjRxFkRxNlSBRnSBZoSBdpSBhqSBpsSBttSBxuSB1vSB9wSCBxSCFzSCN0
        SCR1SCV2SCZ3SCh4SCl5Ryp6Ryx6Ry17Ry58Ry99RjB+RjJ+RjN/RjSARTWBRTeBRTiCRDmDRDqDRDuEQz2EQz6FQj+FQkCGQkGG
        QUKHQUSHQEWIQEaIP0eIP0iJPkmJPkqJPkyKPU2KPU6KPE+KPFCLO1GLO1KLOlOLOlSMOVWMOVaMOFiMOFmMN1qMN1uNNlyNNl2N
        NV6NNV+NNGCNNGGNM2KNM2ONMmSOMmWOMWaOMWeOMWiOMGmOMGqOL2uOL2yOLm2OLm6OLm+OLXCOLXGOLHGOLHKOLHOOK3SOK3WO
        KnaOKneOKniOKXmOKXqOKXuOKHyOKH2OJ36OJ3+OJ4COJoGOJoKOJoKOJYOOJYSOJYWOJIaOJIeOI4iOI4mOI4qNIouNIoyNIo2N
        IY6NIY+NIZCNIZGMIJKMIJKMIJOMH5SMH5WLH5aLH5eLH5iLH5mKH5qKHpuKHpyJHp2JH56JH5+IH6CIH6GIH6GHH6KHIKOGIKSG
        IaWFIaaFIqeFIqiEI6mDJKqDJauCJayCJq2BJ62BKK6AKa9/KrB/LLF+LbJ9LrN8L7R8MbV7MrZ6NLZ5Nbd5N7h4OLl3Orp2O7t1
        Pbx0P7xzQL1yQr5xRL9wRsBvSMFuSsFtTMJsTsNrUMRqUsVpVMVoVsZnWMdlWshkXMhjXsliYMpgY8tfZcteZ8xcac1bbM1abs5Y
        cM9Xc9BWddBUd9FTetFRfNJQf9NOgdNNhNRLhtVJidVIi9ZGjtZFkNdDk9dBldhAmNg+m9k8ndk7oNo5oto3pds2qNs0qtwyrdww
        sN0vst0ttd4ruN4put4ovd8mwN8lwt8jxeAhyOAgyuEfzeEd0OEc0uIb1eIa2OIZ2uMZ3eMY3+MY4uQY5eQZ5+QZ6uUa7OUb7+Uc
        8eUd9OYe9uYg+OYh++cj/ecl
        """;

    private static final String INFERNO = """
        AAAEAQAFAQEGAQEIAgEKAgIMAgIOAwIQBAMSBAMUBQQXBgQZBwUbCAUdCQYfCgciCwckDAgmDQgpDgkrEAktEQowEgoyFAs0FQs3
        Fgs5GAw8GQw+GwxBHAxDHgxFHwxIIQxKIwxMJAxPJgxRKAtTKQtVKwtXLQtZLwpbMQpcMgpeNApfNglhOAliOQljOwlkPQllPglm
        QApnQgpoRApoRQppRwtqSQtqSgxrTAxrTQ1sTw1sUQ5sUg5tVA9tVQ9tVxBuWRBuWhFuXBJuXRJuXxNuYRNuYhRuZBVuZRVuZxZu
        aRZuahdubBhubRhubxlucRluchpudBpudRtudxxteBxteh1tfB1tfR5tfx5sgB9sgiBshCBrhSFrhyFriCJqiiJqjCNpjSNpjyRp
        kCVokiVokyZnlSZnlydmmCdmmihlmylknSlknypjoCpjoitioyxhpSxgpi1gqC5fqS5eqy9erTBdrjBcsDFbsTJaszJatDNZtjRY
        tzVXuTVWujZVvDdUvThTvzlSwDpRwTpQwztPxDxOxj1Nxz5MyD9LykBKy0FJzEJIzkNHz0RG0EVF0kZE00dD1EhC1UpB10s/2Ew+
        2U092k4821A73VE63lI431M34FU24VY14lc041kz5Fox5Vww5l0v514u6GAt6WEr6mMq62Qp62Yo7Gcm7Wkl7mok72wj724h8G8g
        8XEf8XMd8nQc83Yb83gZ9HkY9XsX9X0V9n4U9oAT94IS94QQ+IUP+IcO+IkM+YsL+YwK+Y4J+pAI+pIH+pQH+5YG+5cG+5kG+5sG
        +50H/J8H/KEI/KMJ/KUK/KYM/KgN/KoP/KwR/K4S/LAU/LIW/LQY+7Ya+7gd+7of+7wh+74j+sAm+sIo+sQq+sYt+ccv+cky+cs1
        +M03+M8699E999NA9tVD9tdG9dlJ9dtM9N1P9N9T9OFW8+Na8+Vd8uZh8uhl8upp8ext8e1x8e918fF58vJ98vSC8/WG8/aK9PiO
        9fmS9vqW+Pua+fyd+v2h/P+k
        """;

    private static final String TWILIGHT = """
        4tni4dni4Nni3tnh3dng3Nnf2tjf2Nje1tfd1Nbc0tXb0NTZzdPYy9LXyNHWxc/Vws7Uv8zTvMvSucrQtsjPs8fOsMXNrcPNqsLM
        p8DLpL7Kob3Jn7vJnLnImbjIlrbHlLTGkbLGjrHGjK/Fia3Fh6vEhanEg6fEgKbDfqTDfKLCeqDCeJ7Cd5zCdZrBc5jBcpbBcJTA
        b5LAbZDAbI6/a4y/aoq/aIi+Z4a+Z4S+ZoK9ZYC9ZH68Y3u8Y3m7Yne7YnW6YXO6YXC5YW64YGy4YGq3YGe2X2W1X2O1X2C0X16z
        X1yyX1mxX1ewXlWvXlKtXlCsXk2rXkuqXkmoXkanXkSlXUGjXT+iXTygXTqeXDicXDWaWzOYWzCWWi6TWiyRWSqOWCeMWCWJVyOG
        ViGDVSCAVB59Uhx5URt2UBlzThhvTRdsSxZoSRVlSBRiRhReRBNbQxNYQRJVPxJSPhFPPBFMOxFJORFHOBFENhFCNRFANBE+MxE8
        MhI7MRI5MBM4MBQ2MRM3MhI3MxI4NRI4NhE4OBE5ORE6OxE7PRE7PxE8QRI9QxI+RRI/RxNAShNBTBNCThREURRFUxVGVhVHWRZI
        WxdJXhdKYRhKYxlLZhlMaBpNaxtNbhxOcBxOcx1PdR5PeB9QeyBQfSJQfyNQgiRQhCVQhydQiShQiypQjStQjy1QkS9QlDFQljJQ
        lzRQmTZQmzhQnTpQnzxQoT5QokBQpEJQpkRQp0ZQqUhQqkpQrE1QrU9Rr1FRsFNSslVSs1hStFpTtVxUt19UuGFVuWNWumZXu2hY
        vGpZvW1avm9bv3JcwHRdwXZfwXlgwntiw35kxIBlxINnxYVpxohrxoptx4xwx49yyJF0yZR3yZZ6ypl8ypt/y56Cy6CFzKKIzKWL
        zaeOzqqRzqyUz66Y0LCb0LOe0bWi0rel07mo1Lys1L6v1cCz1sK218S52Ma92cjA2srD28zH3M3K3M/N3dDP3tLS3tPU39XX4NbZ
        4Nfb4dfc4dje4tjf4tnh4tni
        """;

    private ColourTables() {}

    static byte[] viridis() {
        return decoded(VIRIDIS);
    }

    static byte[] inferno() {
        return decoded(INFERNO);
    }

    static byte[] twilight() {
        return decoded(TWILIGHT);
    }

    private static byte[] decoded(String table) {
        return Base64.getMimeDecoder().decode(table);
    }
}
