using SalesFlow.Server;

return await CommandLine.RunAsync(args);
