package dev.lanewise.badinput;

import java.lang.reflect.Array;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;

/** A call with null for one parameter and something sound for the others. */
record NullCall(PublicApi.Member member, int place, Object[] arguments) {

  static NullCall of(PublicApi.Member member, int place) {
    Parameter[] parameters = member.executable().getParameters();
    Object[] arguments = new Object[parameters.length];
    for (int i = 0; i < arguments.length; i++) {
      arguments[i] = i == place ? null : SoundArguments.of(member, parameters[i]);
    }
    return new NullCall(member, place, arguments);
  }

  /**
   * {@return what is wrong with the refusal; empty if it names the parameter and changed nothing}
   */
  Optional<String> complaint() {
    String name = member.executable().getParameters()[place].getName();
    Object[] before = Arrays.stream(arguments).map(NullCall::copy).toArray();
    try {
      call();
      return Optional.of("%s: null for %s is taken".formatted(member, name));
    } catch (InvocationTargetException e) {
      Throwable refusal = e.getCause();
      boolean refused =
          refusal instanceof NullPointerException || refusal instanceof IllegalArgumentException;
      if (!refused || !names(String.valueOf(refusal.getMessage()), name)) {
        return Optional.of("%s: null for %s: %s".formatted(member, name, refusal));
      }
      return Arrays.deepEquals(before, arguments)
          ? Optional.empty()
          : Optional.of("%s: null for %s is refused too late".formatted(member, name));
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(member.toString(), e);
    }
  }

  private void call() throws ReflectiveOperationException {
    Executable executable = member.executable();
    if (executable instanceof Constructor<?> constructor) {
      constructor.newInstance(arguments);
    } else {
      boolean fixed = Modifier.isStatic(executable.getModifiers());
      ((Method) executable)
          .invoke(fixed ? null : SoundArguments.of(executable.getDeclaringClass()), arguments);
    }
  }

  /** Whether a message mentions the parameter, or the record's component that it is to become. */
  private boolean names(String message, String name) {
    RecordComponent[] components = member.executable().getDeclaringClass().getRecordComponents();
    Class<?> type = member.executable().getParameterTypes()[place];
    return mentions(message, name)
        || components != null
            && Arrays.stream(components)
                .anyMatch(c -> c.getType() == type && mentions(message, c.getName()));
  }

  private static boolean mentions(String message, String name) {
    return message.matches("(?s).*\\b\\Q" + name + "\\E\\b.*");
  }

  private static Object copy(Object argument) {
    if (argument == null || !argument.getClass().isArray()) {
      return argument;
    }
    int length = Array.getLength(argument);
    Object copy = Array.newInstance(argument.getClass().getComponentType(), length);
    System.arraycopy(Objects.requireNonNull(argument), 0, copy, 0, length);
    return copy;
  }
}
