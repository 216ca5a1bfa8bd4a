using SalesFlow.Server.Demo;
using Serilog;

namespace SalesFlow.Server.Commands;

/// <summary>The command without a name: prepares the data folder and serves until it is told to stop.</summary>
internal static class Serve
{
    public static async Task<int> RunAsync(ServerOptions options, CancellationToken cancel)
    {
        try
        {
            await using var app = ServerHost.Build(options);
            Settings.Check(app);
            await FirstRun.PrepareAsync(app.Services, options, cancel);
            if (options.Demo)
                await DemoCompany.FillAsync(app.Services, options, cancel);
            await app.StartAsync(cancel);
            Console.WriteLine($"SalesFlow is ready at {string.Join(", ", app.Urls)}");
            if (options.Demo)
                DemoCompany.PrintSignIns();
            await app.WaitForShutdownAsync(cancel);
            return ExitCodes.Finished;
        }
        catch (SettingsException wrong)
        {
            Console.Error.WriteLine(wrong.Message);
            return ExitCodes.WrongSettings;
        }
        finally
        {
            await Log.CloseAndFlushAsync();
        }
    }
}
