package io.spinwire;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.core.domain.JavaModifier.SYNCHRONIZED;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.spinwire.hook.Hooks;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/**
 * The layering of core, and what its data path must do without, as rules that the build enforces on the main classes.
 */
class ArchitectureTest {
    private static final String ROOT = "io.spinwire";

    /** Lowest first: a package imports only those before it. The root package composes, and may import all. */
    private static final List<String> LAYERS =
            List.of("api", "wire", "stats", "hook", "nic", "queue", "link", "ip", "tcp");

    /** Where packets pass. */
    private static final String[] DATA_PATH = packages(List.of("wire", "queue", "link", "ip", "tcp"));

    private static final JavaClasses CORE = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages(ROOT);

    @ParameterizedTest
    @FieldSource("LAYERS")
    void shouldImportOnlyLowerPackagesWhenInLayer(String layer) {
        final String[] allowed = packages(LAYERS.subList(0, LAYERS.indexOf(layer) + 1));
        noClasses()
                .that()
                .resideInAPackage(ROOT + "." + layer + "..")
                .should()
                .dependOnClassesThat(resideInAPackage(ROOT + "..").and(not(resideInAnyPackage(allowed))))
                .allowEmptyShould(true)
                .check(CORE);
    }

    @Test
    void shouldHaveALayerWhenPackageExists() {
        classes()
                .that()
                .resideOutsideOfPackage(ROOT)
                .should()
                .resideInAnyPackage(packages(LAYERS))
                .check(CORE);
    }

    @Test
    void shouldHaveNoCyclesWhenPackagesAreSlices() {
        slices().matching(ROOT + ".(**)").should().beFreeOfCycles().check(CORE);
    }

    @Test
    void shouldUseOnlyDeclaredLibrariesWhenInCore() {
        classes()
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(ROOT + "..", "java..", "org.agrona..", "org.jctools..", "org.HdrHistogram..")
                .check(CORE);
    }

    @Test
    void shouldLeaveNativeMemoryToDriversWhenInCore() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAPackage("java.lang.foreign..")
                .check(CORE);
    }

    @Test
    void shouldTakeSettingsOnlyFromConfigurationWhenInCore() {
        noClasses()
                .should()
                .callMethod(System.class, "getProperty", String.class)
                .orShould()
                .callMethod(System.class, "getProperty", String.class, String.class)
                .orShould()
                .callMethod(System.class, "getProperties")
                .orShould()
                .callMethod(System.class, "getenv")
                .orShould()
                .callMethod(System.class, "getenv", String.class)
                .orShould()
                .callMethod(Integer.class, "getInteger", String.class)
                .orShould()
                .callMethod(Integer.class, "getInteger", String.class, int.class)
                .orShould()
                .callMethod(Long.class, "getLong", String.class)
                .orShould()
                .callMethod(Long.class, "getLong", String.class, long.class)
                .orShould()
                .callMethod(Boolean.class, "getBoolean", String.class)
                .check(CORE);
    }

    @Test
    void shouldNotPrintWhenInCore() {
        noClasses()
                .should()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err")
                .orShould()
                .callMethod(Throwable.class, "printStackTrace")
                .check(CORE);
    }

    @Test
    void shouldHaveNoMutableStaticsWhenInCore() {
        fields().that().areStatic().should().beFinal().check(CORE);
        noFields()
                .that()
                .areStatic()
                .and()
                .areNotDeclaredIn(Hooks.class) // the one switch that ARCHITECTURE section 7 allows
                .should()
                .haveRawType(resideInAnyPackage("java.util.concurrent..", "org.agrona..", "org.jctools.."))
                .check(CORE);
    }

    @Test
    void shouldHaveNoSynchronizedMethodsWhenInCore() {
        noMethods().should().haveModifier(SYNCHRONIZED).check(CORE);
    }

    /** Time is read once a turn and passed on. */
    @Test
    void shouldReadNoClockWhenOnDataPath() {
        noClasses()
                .that()
                .resideInAnyPackage(DATA_PATH)
                .should()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .dependOnClassesThat()
                .resideInAPackage("java.time..")
                .check(CORE);
    }

    /** Threads, locks, entropy of their own and streams have no business between a NIC and a socket. */
    @Test
    void shouldUseNoThreadsRandomnessOrStreamsWhenOnDataPath() {
        noClasses()
                .that()
                .resideInAnyPackage(DATA_PATH)
                .should()
                .dependOnClassesThat(resideInAnyPackage(
                                "java.util.concurrent..", "java.util.random..", "java.util.stream..", "java.security..")
                        .and(not(type(TimeUnit.class))))
                .orShould()
                .dependOnClassesThat()
                .haveNameMatching("java\\.util\\.(Random|SplittableRandom|Timer)|java\\.lang\\.Thread(Local)?")
                .check(CORE);
    }

    @Test
    void shouldFormatNoTextWhenOnDataPath() {
        noClasses()
                .that()
                .resideInAnyPackage(DATA_PATH)
                .should()
                .callMethod(String.class, "format", String.class, Object[].class)
                .orShould()
                .callMethod(String.class, "formatted", Object[].class)
                .check(CORE);
    }

    private static String[] packages(List<String> layers) {
        return layers.stream().map(layer -> ROOT + "." + layer + "..").toArray(String[]::new);
    }
}
