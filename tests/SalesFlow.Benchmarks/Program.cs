using SalesFlow.Benchmarks;

switch (args.FirstOrDefault())
{
    case "engine":
        return EngineBenchmark.Run();
    default:
        Console.Error.WriteLine("Which benchmark? Known: engine.");
        return 2;
}
