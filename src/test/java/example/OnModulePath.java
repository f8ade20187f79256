package example;

import dev.lanewise.kernel.Engine;

/**
 * What {@code ModulePathTest} starts with the library as a named module: sees exported packages
 * only.
 */
public final class OnModulePath {

  private OnModulePath() {}

  /**
   * Prints whether the library is a named module, and the engine.
   *
   * @param arguments none
   */
  public static void main(String[] arguments) {
    System.out.println(Engine.class.getModule().getName() + ": " + Engine.standard());
  }
}
