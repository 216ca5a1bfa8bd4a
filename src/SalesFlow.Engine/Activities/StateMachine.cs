using SalesFlow.Engine.Definitions;
using SalesFlow.Engine.Expressions;

namespace SalesFlow.Engine.Activities;

/// <summary>
/// Named states and the transitions between them. In a state its entry activity runs first; then the first transition without a trigger whose condition
/// holds is taken, else the triggers of all the others race. A state that no transition leaves is final.
/// </summary>
internal sealed class StateMachine() : Activity(new("Elsa.StateMachine", new("State machine", "Автомат состояний"), Categories.Flow) { IsBrowsable = false })
{
    private const int MaxChain = 100;
    private const string Current = "CurrentState", Taken = "Transition", Leaving = "Leaving";

    private sealed record State(string Name, Node? Entry, Node? Exit);
    private sealed record Transition(int Index, string From, string To, Node? Trigger, Expression? Condition, Node? Action)
    {
        public string Key => $"{From} → {To} {Action?.Id}";
    }

    private sealed record Machine(string? Initial, Dictionary<string, State> States, List<Transition> Transitions)
    {
        public IEnumerable<Transition> Leaving(string state) => Transitions.Where(transition => transition.From == state);
    }

    public override object? Compile(NodeSource source)
    {
        var (states, transitions) = (States(source), Transitions(source));
        foreach (var transition in transitions)
            foreach (var end in new[] { transition.From, transition.To })
                if (!states.ContainsKey(end))
                    source.Report($"transitions[{transition.Index}]", $"leads from '{transition.From}' to '{transition.To}', but there is no state '{end}'. The states are: {string.Join(", ", states.Keys)}.");
        var initial = source.Json.Text("initialState") ?? states.Keys.FirstOrDefault();
        if (initial is not null && !states.ContainsKey(initial))
            source.Report("initialState", $"is '{initial}', but there is no such state. The states are: {string.Join(", ", states.Keys)}.");
        return new Machine(initial, states, transitions);
    }

    public override void Execute(Activation activation)
    {
        if (((Machine)activation.Node.Plan!).Initial is { } initial)
            Enter(activation, initial, 0);
        else
            activation.Complete();
    }

    public override void ChildCompleted(Activation activation, Activation child, Outcomes outcomes)
    {
        var machine = (Machine)activation.Node.Plan!;
        var name = activation.Recall<string>(Current)!;
        var state = machine.States.GetValueOrDefault(name) ?? throw new FaultException($"State '{name}' is not in this version of the state machine.");
        if (child.Node == state.Entry)
            Choose(activation, machine, state, 0);
        else if (child.Node == state.Exit)
            Act(activation, Remembered(activation, machine), 0);
        else if (machine.Transitions.Find(transition => transition.Trigger == child.Node) is { } triggered)
            Triggered(activation, machine, state, triggered);
        else if (machine.Transitions.Find(transition => transition.Action == child.Node) is { } done)
            Enter(activation, done.To, 0);
    }

    /// <summary><paramref name="chain"/> counts the states passed without executing anything: such a loop would never meet the limit of steps.</summary>
    private static void Enter(Activation activation, string name, int chain)
    {
        if (chain > MaxChain)
            throw new FaultException($"The state machine passed {MaxChain} states without executing anything: its transitions without triggers seem to loop. State '{name}' is one of them.");
        var machine = (Machine)activation.Node.Plan!;
        var state = machine.States[name];
        activation.Remember(Current, name);
        activation.Remember(Leaving, false);
        if (state.Entry is { } entry)
            activation.Schedule(entry);
        else
            Choose(activation, machine, state, chain);
    }

    private static void Choose(Activation activation, Machine machine, State state, int chain)
    {
        var leaving = machine.Leaving(state.Name).ToList();
        if (leaving.Count == 0)
            activation.Complete();
        else if (leaving.Find(transition => transition.Trigger is null && Holds(activation, transition)) is { } automatic)
            Leave(activation, state, automatic, chain);
        else if (leaving.TrueForAll(transition => transition.Trigger is null))
            throw new FaultException($"State '{state.Name}' cannot be left: none of its transitions has a trigger, and no condition holds.");
        else
            Arm(activation, leaving);
    }

    private static void Arm(Activation activation, List<Transition> leaving)
    {
        foreach (var transition in leaving)
            if (transition.Trigger is { } trigger)
                activation.Schedule(trigger);
    }

    private static void Triggered(Activation activation, Machine machine, State state, Transition transition)
    {
        if (activation.Recall<bool>(Leaving))
            return;
        foreach (var competitor in activation.Children.ToArray())
            competitor.Cancel();
        if (Holds(activation, transition))
            Leave(activation, state, transition, 0);
        else
            Arm(activation, [.. machine.Leaving(state.Name)]);
    }

    private static void Leave(Activation activation, State state, Transition transition, int chain)
    {
        activation.Remember(Leaving, true);
        activation.Remember(Taken, transition.Key);
        if (state.Exit is { } exit)
            activation.Schedule(exit);
        else
            Act(activation, transition, chain);
    }

    private static void Act(Activation activation, Transition transition, int chain)
    {
        if (transition.Action is { } action)
            activation.Schedule(action);
        else
            Enter(activation, transition.To, chain + 1);
    }

    /// <summary>By its ends, because the numbers of transitions change from version to version.</summary>
    private static Transition Remembered(Activation activation, Machine machine) => machine.Transitions.Find(transition => transition.Key == activation.Recall<string>(Taken))
        ?? throw new FaultException($"The transition {activation.Recall<string>(Taken)} that was taken is not in this version of the state machine.");

    private static bool Holds(Activation activation, Transition transition) =>
        transition.Condition is null || Conversion.To<bool>(activation.Evaluate(transition.Condition, "Boolean"));

    private static Dictionary<string, State> States(NodeSource source)
    {
        var (states, index) = (new Dictionary<string, State>(StringComparer.Ordinal), -1);
        foreach (var json in source.Json.Items("states", (at, message) => source.Report(at, message)))
        {
            var path = $"states[{++index}]";
            if (json.Text("name") is not { } name)
                source.Report($"{path}.name", "is missing.");
            else if (!states.TryAdd(name, new State(name, Child(source, json, "entry", path), Child(source, json, "exit", path))))
                source.Report($"{path}.name", $"'{name}' is the name of another state; every state needs a name of its own.");
        }
        return states;
    }

    private static List<Transition> Transitions(NodeSource source)
    {
        var (transitions, index) = (new List<Transition>(), 0);
        foreach (var json in source.Json.Items("transitions", (at, message) => source.Report(at, message)))
        {
            var path = $"transitions[{index++}]";
            if (json.Text("from") is not { } from || json.Text("to") is not { } to)
                source.Report(path, "is not a transition: expected {\"from\", \"to\"} and, when wanted, \"trigger\", \"condition\" and \"action\".");
            else
                transitions.Add(new Transition(transitions.Count, from, to, Child(source, json, "trigger", path), json.Member("condition") is { } condition ? source.Expression(condition, $"{path}.condition") : null, Child(source, json, "action", path)));
        }
        return transitions;
    }

    private static Node? Child(NodeSource source, System.Text.Json.JsonElement json, string member, string path) =>
        json.Member(member) is { } child ? source.Child(child, $"{path}.{member}") : null;
}
