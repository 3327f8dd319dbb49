using Portal.Client.Contracts;

namespace Portal.Server.Sampling;

internal static class SamplingServices
{
    /// <summary>Live samples and previews. The seats are one set for the whole server.</summary>
    public static WebApplicationBuilder AddSampling(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<SampleSeats>();
        builder.Services.AddScoped<ISamplingService, SamplingService>();
        return builder;
    }
}
