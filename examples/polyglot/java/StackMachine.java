import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A bytecode interpreter. Instructions are one byte, some followed by a one-byte operand. */
public class StackMachine {

    private enum Opcode {
        HALT, PUSH, ADD, SUB, DUP, SWAP, OVER, ROT, EMIT, JUMP, JZ;

        static final Opcode[] TABLE = values();

        boolean hasOperand() {
            return this == PUSH || this == JUMP || this == JZ;
        }
    }

    /** Collects bytecode; jump targets are byte offsets taken with {@link #here()}. */
    static final class Assembler {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        Assembler op(Opcode opcode, int... operand) {
            bytes.write(opcode.ordinal());
            Arrays.stream(operand).forEach(bytes::write);
            return this;
        }

        int here() {
            return bytes.size();
        }

        byte[] assemble() {
            return bytes.toByteArray();
        }
    }

    private final byte[] code;
    private final int[] stack = new int[32];
    private final List<Integer> output = new ArrayList<>();
    private int top;
    private int pc;

    public StackMachine(byte[] code) {
        this.code = code;
    }

    private void push(int value) {
        if (top == stack.length) {
            throw new IllegalStateException("Stack overflow at byte " + pc);
        }
        stack[top++] = value;
    }

    private int pop() {
        if (top == 0) {
            throw new IllegalStateException("Stack underflow at byte " + pc);
        }
        return stack[--top];
    }

    public List<Integer> run() {
        while (true) {
            Opcode opcode = Opcode.TABLE[code[pc++]];
            int operand = opcode.hasOperand() ? code[pc++] & 0xff : 0;
            switch (opcode) {
                case HALT -> {
                    return output;
                }
                case PUSH -> push(operand);
                case ADD -> push(pop() + pop());
                case SUB -> push(-pop() + pop());
                case DUP -> rearrange(1, 0, 0);
                case SWAP -> rearrange(2, 1, 0);
                case OVER -> rearrange(2, 0, 1, 0);
                case ROT -> rearrange(3, 1, 2, 0);
                case EMIT -> output.add(pop());
                case JUMP -> pc = operand;
                case JZ -> pc = pop() == 0 ? operand : pc;
            }
        }
    }

    /** Pops {@code count} values and pushes them back in the order of the picks, 0 being the deepest. */
    private void rearrange(int count, int... picks) {
        int[] taken = new int[count];
        for (int i = count - 1; i >= 0; i--) {
            taken[i] = pop();
        }
        for (int pick : picks) {
            push(taken[pick]);
        }
    }

    /** Keeps (counter, a, b) on the stack and emits a until the counter is used up. */
    static byte[] fibonacci(int terms) {
        Assembler asm = new Assembler().op(Opcode.PUSH, 0).op(Opcode.PUSH, 1).op(Opcode.PUSH, terms);
        int loop = asm.here();
        asm.op(Opcode.DUP).op(Opcode.JZ, loop + 16)
                .op(Opcode.ROT).op(Opcode.DUP).op(Opcode.EMIT)
                .op(Opcode.ROT).op(Opcode.SWAP).op(Opcode.OVER).op(Opcode.ADD)
                .op(Opcode.ROT).op(Opcode.PUSH, 1).op(Opcode.SUB).op(Opcode.JUMP, loop);
        return asm.op(Opcode.HALT).assemble();
    }

    public static void main(String[] args) {
        System.out.println(new StackMachine(fibonacci(10)).run());
    }
}
