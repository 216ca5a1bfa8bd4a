using Microsoft.Extensions.DependencyInjection;
using SalesFlow.Studio.Descriptors;

namespace SalesFlow.Studio;

/// <summary>Adds what Elsa's API needs beside the runtime.</summary>
public static class Registration
{
    /// <summary>Adds it; <typeparamref name="TChoices"/> knows the product's choices.</summary>
    public static IServiceCollection AddStudio<TChoices>(this IServiceCollection services) where TChoices : ChoiceSource => services
        .AddSingleton<ChoiceSource, TChoices>().AddSingleton<UsableDefinitions>().AddSingleton<ActivityTypes>();
}
