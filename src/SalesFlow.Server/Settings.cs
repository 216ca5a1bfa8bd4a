using Microsoft.Extensions.Options;
using SalesFlow.Runtime;
using SalesFlow.Sales.Documents;
using SalesFlow.Sales.Mails;
using SalesFlow.Server.Mails;
using SalesFlow.Studio.Descriptors;

namespace SalesFlow.Server;

/// <summary>
/// What an administrator sets: in settings.json in the data folder, and over it in environment variables (Workflows__Outgoing__MaxRedirects). A key that
/// nobody knows stops the server, for a misspelt limit is none.
/// </summary>
internal static class Settings
{
    /// <summary>Name of the setting that says under which address people reach the server.</summary>
    public const string PublicAddress = "PublicAddress";
    private const string File = "settings.json";
    private static readonly Dictionary<string, Type> Sections = new(StringComparer.OrdinalIgnoreCase)
    {
        ["Workflows:Incoming"] = typeof(IncomingOptions), ["Workflows:Outgoing"] = typeof(OutgoingOptions), ["Workflows:Schedule"] = typeof(ScheduleOptions), ["Workflows:Toolbox"] = typeof(ToolboxOptions), ["Documents:Pdf"] = typeof(PdfOptions), ["Mail:Smtp"] = typeof(SmtpOptions), ["Mail:Openings"] = typeof(MailOpeningOptions),
    };

    public static void AddTo(WebApplicationBuilder builder, ServerOptions options)
    {
        try
        {
            builder.Configuration.AddJsonFile(options.InData(File), optional: true, reloadOnChange: false).AddEnvironmentVariables();
        }
        catch (InvalidDataException broken)
        {
            throw new SettingsException($"'{options.InData(File)}' is not JSON: {broken.InnerException?.InnerException?.Message ?? broken.Message}", broken);
        }
        Bind<IncomingOptions>(builder.Services, "Workflows:Incoming");
        Bind<OutgoingOptions>(builder.Services, "Workflows:Outgoing").Validate(outgoing => outgoing.WrongNetwork is null, "Workflows:Outgoing:AllowedNetworks holds something that is no address range such as 10.1.0.0/16.");
        Bind<ToolboxOptions>(builder.Services, "Workflows:Toolbox");
        Bind<PdfOptions>(builder.Services, "Documents:Pdf");
        Bind<MailOpeningOptions>(builder.Services, "Mail:Openings");
        Bind<SmtpOptions>(builder.Services, "Mail:Smtp").Validate(smtp => smtp.Trouble is null, "Mail:Smtp cannot be used as it is written. A host needs a From such as 'Sales <sales@example.com>'; User and Password go together, and over an open connection (Security: None) only to this machine.");
        Bind<ScheduleOptions>(builder.Services, "Workflows:Schedule").Validate(schedule => schedule.IsKnown, "Workflows:Schedule:TimeZone is a zone that this machine does not know; expected an IANA name such as Europe/Moscow.");
    }

    /// <summary>Throws <see cref="SettingsException"/> with what is wrong, before anything is touched.</summary>
    public static void Check(WebApplication app)
    {
        foreach (var group in Sections.Keys.Select(name => name.Split(':')[0]).Distinct())
            foreach (var section in app.Configuration.GetSection(group).GetChildren())
                CheckNames(group, section);
        if (app.Configuration[PublicAddress] is { Length: > 0 } address && !Sales.PublicAddress.IsAddress(address))
            throw new SettingsException($"{PublicAddress} is '{address}'; expected the address under which people reach the server, such as https://sales.example.com.");
        try
        {
            app.Services.GetRequiredService<IStartupValidator>().Validate();
        }
        catch (OptionsValidationException invalid)
        {
            throw new SettingsException(string.Join(" ", invalid.Failures), invalid);
        }
        catch (InvalidOperationException unreadable)
        {
            throw new SettingsException($"{unreadable.Message} {unreadable.InnerException?.Message}".Trim(), unreadable);
        }
    }

    private static void CheckNames(string group, IConfigurationSection section)
    {
        if (!Sections.TryGetValue(section.Path, out var options))
            throw new SettingsException($"The settings have '{section.Path}', which nobody reads. {group} has the sections {string.Join(", ", Sections.Keys.Where(name => name.StartsWith(group, StringComparison.Ordinal)).Select(name => name[(group.Length + 1)..]))}.");
        var known = options.GetProperties().Where(property => property.CanWrite).Select(property => property.Name).ToList();
        foreach (var key in section.GetChildren())
            if (!known.Contains(key.Key, StringComparer.OrdinalIgnoreCase))
                throw new SettingsException($"The settings have '{key.Path}', which nobody reads. {section.Path} has {string.Join(", ", known)}.");
    }

    private static OptionsBuilder<T> Bind<T>(IServiceCollection services, string section) where T : class => services.AddOptions<T>()
        .BindConfiguration(section, binder => binder.ErrorOnUnknownConfiguration = true).ValidateDataAnnotations().ValidateOnStart();
}

/// <summary>A setting that the server cannot start with.</summary>
public sealed class SettingsException(string message, Exception? inner = null) : Exception(message, inner);
