package dev.lanewise.kernel;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;

/** What this JVM and its processor offer to the kernels. */
final class Machine {

  private Machine() {}

  /**
   * {@return whether the JVM compiles a fused multiply-add to one instruction}
   *
   * <p>The VM is asked where the module {@code jdk.management} is there. Where it is not, only a
   * 64-bit ARM is known to have the instruction.
   */
  static boolean hasFma() {
    String option = option("UseFMA");
    return option.isEmpty()
        ? System.getProperty("os.arch", "").equals("aarch64")
        : Boolean.parseBoolean(option);
  }

  /**
   * {@return whether the JVM compiles a fused multiply-add to one instruction} Where the VM cannot
   * be asked, the width of vectors tells: every processor that prefers 256 bits or more has the
   * instruction.
   *
   * @param preferredBits the bits of the vectors that the JVM prefers on this machine
   */
  static boolean hasFma(int preferredBits) {
    return hasFma() || option("UseFMA").isEmpty() && preferredBits >= 256;
  }

  /**
   * {@return whether the JVM has instructions for all that kernels do with vectors of integers}
   * Without AVX2, vectors of a dropout mask are objects, whatever compiles them.
   */
  static boolean hasIntegerVectors() {
    return !option("UseAVX").matches("[01]");
  }

  /**
   * {@return the value of an option of the VM, empty if it has none of that name or cannot be
   * asked}
   */
  private static String option(String name) {
    try {
      HotSpotDiagnosticMXBean options =
          ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
      return options == null ? "" : options.getVMOption(name).getValue();
    } catch (IllegalArgumentException notHotSpot) {
      return "";
    } catch (NoClassDefFoundError moduleAbsent) {
      return "";
    }
  }

  /**
   * {@return whether the optimising compiler is on; without it vectors are objects and every
   * operation allocates}
   *
   * <p>The VM's description reads "interpreted mode" under {@code -Xint} and "emulated-client" with
   * C1 alone; it does not show the other ways of stopping before tier 4, which is C2.
   */
  static boolean hasOptimizingCompiler() {
    String name = System.getProperty("java.vm.name", "");
    String mode = System.getProperty("java.vm.info", "");
    boolean hotSpot = name.contains("HotSpot") || name.contains("OpenJDK");
    return hotSpot
        && !name.contains("Client")
        && !mode.contains("interpreted")
        && !mode.contains("emulated-client")
        && !option("TieredStopAtLevel").matches("[0-3]");
  }

  /**
   * {@return whether the optimising compiler makes instructions of vectors; without it every
   * operation is a call}
   */
  static boolean compilesVectors() {
    return !option("EnableVectorSupport").equals("false");
  }

  /**
   * {@return whether this module may use the Vector API: it is resolved, in our layer or the boot
   * layer, and readable}
   */
  static boolean readsVectorModule() {
    Module ours = Machine.class.getModule();
    ModuleLayer layer = ours.getLayer() == null ? ModuleLayer.boot() : ours.getLayer();
    return layer.findModule("jdk.incubator.vector").map(ours::canRead).orElse(false);
  }
}
