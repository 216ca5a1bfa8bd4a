namespace SalesFlow.Server.Commands;

/// <summary>Exit codes of the program; 64, 65 and 78 are those of sysexits.h.</summary>
internal static class ExitCodes
{
    public const int Finished = 0;
    public const int Faulted = 1;
    public const int Waiting = 2;
    public const int Cancelled = 3;
    public const int BadArguments = 64;
    public const int BrokenDefinition = 65;
    public const int WrongSettings = 78;
}
