package dev.lanewise.jmh;

/** NumPy's operations, as a script writes them. */
final class NumPyOperation implements Operation {

  private final NumPy script = new NumPy("elementwise.py");

  NumPyOperation(Task task) {
    script.answer("%s %d %d".formatted(task.name(), task.rows(), task.columns()));
  }

  @Override
  public void run(int times) {
    script.answer(Integer.toString(times));
  }

  @Override
  public float[] result() {
    String[] words = script.answer("result").split(" ");
    float[] result = new float[words.length];
    for (int i = 0; i < words.length; i++) {
      result[i] = Float.parseFloat(words[i]);
    }
    return result;
  }

  @Override
  public void close() {
    script.close();
  }
}
