package dev.lanewise.badinput;

import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The constructors and methods with parameters that a caller can reach: public and protected ones
 * of public types in exported packages, and in those that check what exported ones hand on. Those
 * that the language writes ({@code equals}, {@code valueOf}) are not among them, nor abstract ones,
 * whose implementations are.
 */
final class PublicApi {

  private static final Path CLASSES = Path.of("target/classes");

  /** Not exported, but the checks of exported types are partly made here. */
  private static final List<String> INTERNAL =
      List.of("dev.lanewise.kernel", "dev.lanewise.plan", "dev.lanewise.update");

  private static final Pattern EXPORT = Pattern.compile("exports (\\S+);");

  /** A constructor or method, under the name by which the catalogue knows it. */
  record Member(Executable executable) {

    /** {@return such as {@code new Dense(int)}, {@code Schedule.Cosine.rate(long)}} */
    @Override
    public String toString() {
      String parameters =
          Arrays.stream(executable.getParameterTypes())
              .map(Class::getSimpleName)
              .collect(Collectors.joining(", ", "(", ")"));
      String type = nameOf(executable.getDeclaringClass());
      return executable instanceof Constructor
          ? "new " + type + parameters
          : type + "." + executable.getName() + parameters;
    }
  }

  private PublicApi() {}

  static List<Member> members() {
    List<Member> members = new ArrayList<>();
    for (Class<?> type : types()) {
      Stream.<Executable>concat(
              Arrays.stream(type.getDeclaredConstructors()),
              Arrays.stream(type.getDeclaredMethods()))
          .filter(PublicApi::isReachable)
          .map(Member::new)
          .forEach(members::add);
    }
    return members;
  }

  /** A type's name without its package: {@code Schedule.Cosine}. */
  static String nameOf(Class<?> type) {
    return type.getCanonicalName().substring(type.getPackageName().length() + 1);
  }

  private static boolean isReachable(Executable member) {
    int modifiers = member.getModifiers();
    boolean written =
        member instanceof Method method
            && (method.getName().equals("equals") || isValueOf(method) || method.isBridge());
    return (Modifier.isPublic(modifiers) || Modifier.isProtected(modifiers))
        && !Modifier.isAbstract(modifiers)
        && !member.isSynthetic()
        && !written
        && member.getParameterCount() > 0;
  }

  private static boolean isValueOf(Method method) {
    return method.getDeclaringClass().isEnum() && method.getName().equals("valueOf");
  }

  private static List<Class<?>> types() {
    List<Class<?>> types = new ArrayList<>();
    try {
      String module = Files.readString(Path.of("src/main/java/module-info.java"));
      for (var export : EXPORT.matcher(module).results().toList()) {
        types.addAll(typesOf(export.group(1)));
      }
      for (String internal : INTERNAL) {
        types.addAll(typesOf(internal));
      }
    } catch (IOException | ClassNotFoundException e) {
      throw new AssertionError(e);
    }
    return types;
  }

  private static List<Class<?>> typesOf(String name) throws IOException, ClassNotFoundException {
    List<Class<?>> types = new ArrayList<>();
    try (Stream<Path> files = Files.list(CLASSES.resolve(name.replace('.', '/')))) {
      for (Path file : files.sorted().toList()) {
        String simple = file.getFileName().toString().replace(".class", "");
        if (!simple.contains("-info") && simple.matches("[^$]+(\\$[A-Za-z]\\w*)*")) {
          Class<?> type =
              Class.forName(name + "." + simple, false, PublicApi.class.getClassLoader());
          if (isPublic(type)) {
            types.add(type);
          }
        }
      }
    }
    return types;
  }

  private static boolean isPublic(Class<?> type) {
    boolean outside = type.getEnclosingClass() == null || isPublic(type.getEnclosingClass());
    return Modifier.isPublic(type.getModifiers()) && !type.isAnonymousClass() && outside;
  }
}
