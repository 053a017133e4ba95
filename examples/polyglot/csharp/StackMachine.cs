using System;
using System.Collections.Generic;

namespace Polyglot;

/// <summary>Interprets a list of instructions with an operand stack and named locals.</summary>
public static class StackMachine
{
    public abstract record Instruction;

    public sealed record Push(int Value) : Instruction;

    public sealed record Load(string Local) : Instruction;

    public sealed record Store(string Local) : Instruction;

    public sealed record Arithmetic(char Operator) : Instruction;

    public sealed record Jump(string Label, bool OnlyIfZero = false) : Instruction;

    public sealed record Label(string Name) : Instruction;

    public sealed record Print : Instruction;

    public sealed class MachineException(int address, string reason)
        : Exception($"Instruction {address}: {reason}");

    public static IEnumerable<int> Run(IReadOnlyList<Instruction> program)
    {
        var labels = IndexLabels(program);
        var stack = new Stack<int>();
        var locals = new Dictionary<string, int>();

        for (var pc = 0; pc < program.Count; pc++)
        {
            int Pop() => stack.TryPop(out var value) ? value : throw new MachineException(pc, "no operand");

            switch (program[pc])
            {
                case Push push:
                    stack.Push(push.Value);
                    break;
                case Load load:
                    stack.Push(locals.GetValueOrDefault(load.Local));
                    break;
                case Store store:
                    locals[store.Local] = Pop();
                    break;
                case Arithmetic arithmetic:
                    var (right, left) = (Pop(), Pop());
                    stack.Push(arithmetic.Operator switch
                    {
                        '+' => left + right,
                        '-' => left - right,
                        var unknown => throw new MachineException(pc, $"no operator '{unknown}'"),
                    });
                    break;
                case Jump { OnlyIfZero: true } when Pop() != 0:
                case Label:
                    break;
                case Jump jump:
                    pc = labels[jump.Label];
                    break;
                case Print:
                    yield return Pop();
                    break;
            }
        }
    }

    private static Dictionary<string, int> IndexLabels(IReadOnlyList<Instruction> program)
    {
        var labels = new Dictionary<string, int>();
        for (var address = 0; address < program.Count; address++)
        {
            if (program[address] is Label label && !labels.TryAdd(label.Name, address))
            {
                throw new MachineException(address, $"label {label.Name} defined twice");
            }
        }

        return labels;
    }

    public static IReadOnlyList<Instruction> Fibonacci(int terms) => new Instruction[]
    {
        new Push(0), new Store("a"),
        new Push(1), new Store("b"),
        new Push(terms), new Store("left"),
        new Label("loop"),
        new Load("left"), new Jump("end", OnlyIfZero: true),
        new Load("a"), new Print(),
        new Load("a"), new Load("b"), new Arithmetic('+'),
        new Load("b"), new Store("a"), new Store("b"),
        new Load("left"), new Push(1), new Arithmetic('-'), new Store("left"),
        new Jump("loop"),
        new Label("end"),
    };

    public static void Main() => Console.WriteLine(string.Join(' ', Run(Fibonacci(10))));
}
