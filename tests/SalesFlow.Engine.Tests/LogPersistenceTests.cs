using SalesFlow.Engine.Definitions;

namespace SalesFlow.Engine.Tests;

/// <summary>What the journal keeps of inputs and outputs.</summary>
public sealed class LogPersistenceTests
{
    private sealed class Login() : Activity(new("Test.Login", new("Login", "Вход"), new("Test", "Проба"))
    {
        Inputs = [new("User", "String", new("User", "Имя")), new("Password", "String", new("Password", "Пароль")) { IsSensitive = true }],
        Outputs = [new("Token", "String", new("Token", "Пропуск")), new("Result", "String", new("Result", "Результат"))],
    })
    {
        public override void Execute(Activation activation)
        {
            activation.Output("Token", "t-" + activation.Input<string>("Password"));
            activation.Output("Result", "in");
            activation.Complete();
        }
    }

    private static string Kept(string activity, string workflow = "{}", LogPersistence host = LogPersistence.Include, string variables = "[]")
    {
        var root = Given.Activity("l", "Test.Login", $"\"user\":{Given.Literal("ann")},\"password\":{Given.Literal("secret")},\"customProperties\":{activity}");
        var definition = Given.Definition(Given.Document(root, variables, more: $",\"customProperties\":{workflow}"), new Login());
        var turn = new Interpreter(logs: host).Run(definition, null, 7, new Stimulus.Start(), Facts.None, Given.Monday);
        Assert.Equal(WorkflowSubStatus.Finished, turn.State.SubStatus);
        var record = Assert.Single(ExecutionRecord.Of(turn.Journal), record => record.ActivityId == "l");
        return $"{record.State?.Json} {record.Outputs?.Json}";
    }

    private static string Strategy(string name) => $$"""{"evaluationMode":"Strategy","strategyType":"Elsa.Workflows.LogPersistence.Strategies.{{name}}, Elsa.Workflows.Core","expression":null}""";

    private static string Config(string byDefault, string inputs = "", string outputs = "") =>
        "{\"logPersistenceConfig\":{\"default\":" + byDefault + ",\"internalState\":null,\"inputs\":{" + inputs + "},\"outputs\":{" + outputs + "}}}";

    private const string All = """{"User":"ann"} {"Token":"t-secret","Result":"in"}""";

    [Fact]
    public void Everything_is_kept_but_secrets_unless_something_else_is_said() => Assert.Equal(All, Kept("{}"));

    [Theory]
    [InlineData("Exclude", "Inherit", LogPersistence.Include, " ")]
    [InlineData("Include", "Exclude", LogPersistence.Exclude, All)]
    [InlineData("Inherit", "Exclude", LogPersistence.Include, " ")]
    [InlineData("Inherit", "Include", LogPersistence.Exclude, All)]
    [InlineData("Inherit", "Inherit", LogPersistence.Exclude, " ")]
    [InlineData("Configuration", "Configuration", LogPersistence.Include, All)]
    public void The_activity_decides_before_the_workflow_and_the_workflow_before_the_host(string activity, string workflow, LogPersistence host, string expected)
    {
        Assert.Equal(expected, Kept(Config(Strategy(activity)), Config(Strategy(workflow)), host));
        if (activity != "Configuration")
            Assert.Equal(expected, Kept($$$$"""{"logPersistenceMode":{"default":"{{{{activity}}}}"}}""", $$$$"""{"LogPersistenceMode":"{{{{workflow}}}}"}""", host));
    }

    [Fact]
    public void Single_inputs_and_outputs_decide_before_their_activity()
    {
        Assert.Equal("""{"User":"ann"} {"Result":"in"}""", Kept(Config("null", outputs: "\"token\":" + Strategy("Exclude"))));
        Assert.Equal("""{"User":"ann"} """, Kept(Config(Strategy("Exclude"), inputs: "\"user\":" + Strategy("Include") + ",\"password\":" + Strategy("Include"))));
        Assert.Equal(""" {"Token":"t-secret","Result":"in"}""", Kept("""{"logPersistenceMode":{"default":"Inherit","inputs":{"user":"Exclude"},"outputs":{}}}"""));
    }

    [Theory, InlineData("'Include'", All), InlineData("getVariable('n') == 0 ? 'Exclude' : 'Include'", " "), InlineData("nowhere.atAll", " "), InlineData("'Sometimes'", " ")]
    public void An_expression_may_decide_and_hides_when_it_cannot(string script, string expected) =>
        Assert.Equal(expected, Kept(Config("{\"evaluationMode\":\"Expression\",\"expression\":{\"type\":\"JavaScript\",\"value\":\"" + script + "\"}}"), variables: $"[{Given.Variable("n")}]"));

    [Fact]
    public void Values_that_are_not_kept_still_work()
    {
        var instance = Given.Instance(Given.Activity("l", "Elsa.WriteLine", $"\"text\":{Given.Literal("said")},\"customProperties\":{{\"logPersistenceMode\":\"Exclude\"}}"));

        instance.Start();

        Assert.Equal(["said"], instance.Lines);
        Assert.All(instance.Journal, line => Assert.Null(line.State));
    }

    [Fact]
    public void What_belongs_to_other_hosts_is_accepted_and_kept_in_the_document()
    {
        const string Custom = """{"commitStrategyName":"CommitAlways","resilienceStrategy":{"mode":"Identifier","strategyId":"http"},"runAsynchronously":true,"mergeMode":"None"}""";
        var definition = Given.Definition(Given.Document(Given.Activity("l", "Elsa.WriteLine", $"\"text\":{Given.Literal("said")},\"customProperties\":{Custom}"), options: """{"commitStrategyName":"Periodic"}"""));
        var instance = new Instance(definition);

        instance.Start();

        Assert.Empty(definition.Warnings);
        Assert.Contains(Custom, definition.Document, StringComparison.Ordinal);
        Assert.Equal(["said"], instance.Lines);
    }

    [Fact]
    public void An_output_converter_that_the_host_does_not_have_is_warned_of_and_faults()
    {
        const string Result = """ "result":{"typeName":"Object","memoryReference":{"id":"n"},"converter":{"id":"money","settings":{"currency":"RUB"}}} """;
        var root = Given.Activity("js", "Elsa.RunJavaScript", $"\"script\":{Given.Literal("return 5")},{Result}");
        var definition = Given.Definition(Given.Document(root, $"[{Given.Variable("n")}]"));
        var instance = new Instance(definition);

        instance.Start();

        Assert.Equal("root.result.converter", Assert.Single(definition.Warnings).Path);
        Assert.Contains("'money'", Assert.Single(instance.State.Incidents).Message, StringComparison.Ordinal);
    }
}
